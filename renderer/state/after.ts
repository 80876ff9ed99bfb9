/** Runs `task` once after `ms`; the returned function cancels it. */
export const after = (ms: number, task: () => void): (() => void) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};
