// The two libraries that the page loads as classic scripts, as far as it uses them.

interface HtmxContext {
  sourceElement: Element;
  target: Element;
  request: { method: string; action: string; body: FormData | URLSearchParams };
  response?: { status: number };
  text?: string;
}

interface AjaxOptions {
  source: string;
  target: string;
  swap: string;
  values: Record<string, string | number | boolean> | undefined;
}

interface Htmx {
  ajax(verb: string, path: string, options: AjaxOptions): Promise<void>;
}

declare const htmx: Htmx;

interface PlotlyTrace {
  x: number[];
  y: (number | null)[];
  name: string;
  mode: "lines";
  line: { color: string; width: number; dash: string };
  hovertemplate: string;
}

interface PlotlyApi {
  react(element: HTMLElement, traces: PlotlyTrace[], layout: object, config: object): Promise<unknown>;
  purge(element: HTMLElement): void;
}

interface Window {
  Plotly?: PlotlyApi;
}
