/** Counts per caller in a sliding window what there should not be much of: guessing gets slow, working callers never notice. */
export interface RateLimit {
  /** Whether this caller has used up what it may. */
  isExhausted(caller: string): boolean;
  count(caller: string): void;
}

/** Memory is bounded by `maxCallers`; beyond that the longest quiet are forgotten. */
const maxCallers = 10_000;

export const createRateLimit = (options: {
  readonly most: number;
  readonly windowMs: number;
  now(): number;
}): RateLimit => {
  const timesOf = new Map<string, number[]>();
  const recent = (caller: string): number[] =>
    (timesOf.get(caller) ?? []).filter((at) => at > options.now() - options.windowMs);
  return {
    isExhausted: (caller) => recent(caller).length >= options.most,
    count: (caller) => {
      const times = [...recent(caller), options.now()].slice(-options.most);
      timesOf.delete(caller);
      timesOf.set(caller, times);
      const [quietest] = timesOf.keys();
      if (timesOf.size > maxCallers && quietest !== undefined) timesOf.delete(quietest);
    },
  };
};
