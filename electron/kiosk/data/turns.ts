/** One after the other: `take` runs work when all that came before it has ended, well or not. */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
}

export const createTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take: (work) => {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
};
