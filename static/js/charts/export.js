/**
 * Charts as files: pictures from Plotly, exact numbers as CSV.
 *
 * @import { Table } from "./series.js"
 */
import { csvOf } from "./series.js";

const PICTURE = { width: 960, height: 540, scale: 2 };

/**
 * Downloads a chart.
 *
 * @param {string} format png, svg or csv
 * @param {{name: string, title: string}} kind
 * @param {HTMLElement} canvas where Plotly has drawn
 * @param {PlotlyApi | null} plotly null where it never has
 * @param {() => Table} table
 */
export async function saveChart(format, { name, title }, canvas, plotly, table) {
  if (format === "csv") {
    download(new Blob([csvOf(table())], { type: "text/csv" }), `${name}.csv`);
    return;
  }
  const drawn = /** @type {{data?: object[], layout?: object}} */ (canvas);
  if (!plotly || !drawn.data) return;
  const layout = {
    ...drawn.layout,
    title: { text: title },
    margin: { l: 72, r: 24, t: 56, b: 56 },
    showlegend: drawn.data.length > 1,
  };
  await plotly.downloadImage({ data: drawn.data, layout }, { ...PICTURE, format, filename: name });
}

/**
 * @param {Blob} file
 * @param {string} name
 */
function download(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
