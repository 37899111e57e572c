/** The button that turns light into dark and back, and remembers it. */
import { session } from "../core/session.js";
import { onThemeChange } from "../charts/theme.js";

/** Starts listening; called once. */
export function startThemeSwitch() {
  onThemeChange(() => session.redraw());
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage is switched off: the choice holds for this page.
    }
    document.dispatchEvent(new Event("themechange"));
  });
}
