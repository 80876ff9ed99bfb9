/** How often something may die and be started again: a fault that comes back at once would go round for ever. */
const mostDeaths = 5;
const withinMs = 60_000;

export interface Deaths {
  /** Counts a death at `now` (any clock in ms that only grows); false once there were more than five in a minute. */
  mayTryAgain(now: number): boolean;
}

export const createDeaths = (): Deaths => {
  let deaths: readonly number[] = [];
  return {
    mayTryAgain: (now) => {
      deaths = [...deaths.filter((at) => now - at < withinMs), now];
      return deaths.length <= mostDeaths;
    },
  };
};
