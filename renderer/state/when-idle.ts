/** Work for moments in which the page has nothing else to do. */

/** What is left of such a moment, in ms, has to be more than a step takes. */
const enoughMs = 2;

/** Takes step by step, until there is none left; the returned function ends it before. */
export const whenIdle = (steps: Iterator<unknown>): (() => void) => {
  const goOn = (deadline: IdleDeadline): void => {
    while (deadline.timeRemaining() > enoughMs) if (steps.next().done === true) return;
    next = requestIdleCallback(goOn);
  };
  let next = requestIdleCallback(goOn);
  return () => cancelIdleCallback(next);
};
