/** The way from runs that are selected to the page that shows them side by side. */
import { chosenRuns } from "./runs-list.js";

/** Starts listening; called once. */
export function startRunsCompare() {
  document.getElementById("bulk-compare")?.addEventListener("click", () => {
    location.assign(`/compare?runs=${chosenRuns().join()}`);
  });
}
