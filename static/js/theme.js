// Runs before the first paint, as a classic script, so that what was chosen on an earlier visit never flashes something else.
(() => {
  const { dataset } = document.documentElement;
  const usual = { theme: "system", palette: "blue-orange", hints: "on" };
  try {
    for (const [name, value] of Object.entries(usual)) {
      const chosen = localStorage.getItem(name);
      if (chosen && chosen !== value) dataset[name] = chosen;
    }
  } catch {
    // Storage is switched off: everything is as usual.
  }
})();
