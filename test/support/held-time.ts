/**
 * Holds the time of a page: none passes in it, and no timer runs, until it is let go. What quick hands or a reader do within
 * milliseconds takes them longer on a busy machine, and would be something else then.
 */
export const holdTime = `(() => {
  const start = window.setTimeout;
  const stop = window.clearTimeout;
  const stamp = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp');
  const at = performance.now();
  const held = new Map();
  const started = new Map();
  performance.now = () => at;
  Object.defineProperty(Event.prototype, 'timeStamp', { ...stamp, get: () => at });
  window.setTimeout = (...given) => {
    const id = {};
    held.set(id, given);
    return id;
  };
  window.clearTimeout = (id) => {
    if (!held.delete(id)) stop(started.get(id) ?? id);
  };
  window.letTimeGo = () => {
    delete performance.now;
    Object.defineProperty(Event.prototype, 'timeStamp', stamp);
    window.setTimeout = start;
    for (const [id, given] of held) started.set(id, start(...given));
    held.clear();
  };
})()`;

export const letTimeGo = 'letTimeGo()';
