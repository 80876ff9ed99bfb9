/** One after the other: work that must not overlap, in the order in which it was asked for. */

export interface Queue {
  /** Runs `work` when all that came before it has ended, well or not. Settles as `work` does. */
  readonly add: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves when all that was added by now has ended. Never rejects. */
  readonly idle: () => Promise<void>;
}

/** Unbounded: who adds is held back by waiting for what they have added. */
export const createQueue = (): Queue => {
  let last: Promise<void> = Promise.resolve();
  return {
    add: (work) => {
      const mine = last.then(work);
      last = mine.then(
        () => undefined,
        () => undefined,
      );
      return mine;
    },
    idle: () => last,
  };
};
