/**
 * Charts as files: pictures from Plotly, exact numbers as CSV.
 *
 * @import { Table } from "./series.js"
 */
import { csvOf } from "./series.js";

const PICTURE = { width: 960, height: 540, scale: 2 };
/** So much more room than on the page, for larger letters and the title. */
const MORE = { l: 24, r: 16, t: 50, b: 22 };

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
  const drawn = /** @type {{data?: object[], layout?: {margin?: Partial<typeof MORE>}}} */ (canvas);
  if (!plotly || !drawn.data) return;
  const { l = 0, r = 0, t = 0, b = 0 } = drawn.layout?.margin ?? {};
  const layout = {
    ...drawn.layout,
    title: { text: title },
    margin: { l: l + MORE.l, r: r + MORE.r, t: t + MORE.t, b: b + MORE.b },
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
