/** Tabs: one of several panes is shown; arrow keys choose among them (WAI-ARIA's pattern). */

/** Starts listening; called once. */
export function startTabs() {
  document.addEventListener("click", ({ target }) => {
    const tab = target instanceof Element ? target.closest("[role=tab]") : null;
    if (tab instanceof HTMLElement) show(tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target instanceof Element ? event.target.closest("[role=tab]") : null;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!tab || !step) return;
    const tabs = siblings(tab);
    const next = tabs[(tabs.indexOf(/** @type {HTMLElement} */ (tab)) + step + tabs.length) % tabs.length];
    event.preventDefault();
    if (!next) return;
    show(next);
    next.focus();
  });
}

/** @param {HTMLElement} chosen */
function show(chosen) {
  for (const tab of siblings(chosen)) {
    const selected = tab === chosen;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls") ?? "")?.toggleAttribute("hidden", !selected);
  }
}

/** @param {Element} tab */
function siblings(tab) {
  const list = tab.closest("[role=tablist]");
  return /** @type {HTMLElement[]} */ ([...(list?.querySelectorAll("[role=tab]") ?? [])]);
}
