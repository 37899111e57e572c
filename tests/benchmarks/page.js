/**
 * What the browser itself says of the page, for tests/benchmarks/page.py, which has it run before the page's own scripts.
 */
window.vitals = { paint: 0, shift: 0, tasks: [], painted: 0, framesAt: [] };

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.vitals.paint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.vitals.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.vitals.tasks.push([entry.startTime, entry.duration]);
}).observe({ type: "longtask", buffered: true });

/** Counts animation frames in which the page drew something new, and notes when a frame of which revision came. */
window.watchFrames = async () => {
  const { session } = await import("/static/js/core/session.js");
  const dispatch = session.dispatch.bind(session);
  session.dispatch = (message) => {
    if (message.type === "frame") window.vitals.framesAt.push(message.frame.revision);
    dispatch(message);
  };
  let last = session.state;
  const look = () => {
    if (session.state.boundary !== last.boundary) window.vitals.painted += 1;
    last = session.state;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return session.state.revision;
};

/** Milliseconds from a click, or from choosing an option, until the picture of the changed run is on the screen. */
window.clickToPicture = async (selector, value) => {
  const { session } = await import("/static/js/core/session.js");
  const before = session.state.revision;
  const element = document.querySelector(selector);
  const began = performance.now();
  if (value === null) element.click();
  else {
    element.value = value;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  window.vitals.framesAt.length = 0;
  while (!window.vitals.framesAt.some((revision) => revision > before)) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (performance.now() - began > 10_000) return Infinity;
  }
  // Viewers draw in the animation frame that follows; a message sent in it arrives when it has been painted.
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    requestAnimationFrame(() => port2.postMessage(null));
  });
  return performance.now() - began;
};
