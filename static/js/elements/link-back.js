/** The way back from a page beside the lab: it leads to the run that this tab showed last. */

/** Sets where the link leads; called once. */
export function startLinkBack() {
  try {
    const runs = Object.values(JSON.parse(sessionStorage.getItem("shown") ?? "{}"));
    const link = document.getElementById("back-to-lab");
    if (link instanceof HTMLAnchorElement && runs.length) link.href = `/runs/${runs.at(-1)}`;
  } catch {
    // Storage is switched off: it leads to a new run.
  }
}
