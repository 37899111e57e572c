// The two libraries that the page loads as classic scripts, as far as it uses them.

interface HtmxContext {
  sourceElement: Element;
  target: Element;
  request: { method: string; action: string; body: FormData | URLSearchParams; headers: Record<string, string> };
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

interface PlotlyApi {
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  purge(element: HTMLElement): void;
  downloadImage(figure: { data: object[]; layout: object }, options: object): Promise<unknown>;
}

interface Window {
  Plotly?: PlotlyApi;
}
