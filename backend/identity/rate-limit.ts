/** Counts failures per caller in a sliding window: guessing gets slow, working callers never notice. */
export interface RateLimit {
  /** Whether this caller has used up its failures. */
  isExhausted(caller: string): boolean;
  recordFailure(caller: string): void;
}

/** Memory is bounded by `maxCallers`; beyond that the longest quiet are forgotten. */
const maxCallers = 10_000;

export const createRateLimit = (options: {
  readonly failures: number;
  readonly windowMs: number;
  now(): number;
}): RateLimit => {
  const failuresOf = new Map<string, number[]>();
  const recent = (caller: string): number[] =>
    (failuresOf.get(caller) ?? []).filter((at) => at > options.now() - options.windowMs);
  return {
    isExhausted: (caller) => recent(caller).length >= options.failures,
    recordFailure: (caller) => {
      const failures = [...recent(caller), options.now()].slice(-options.failures);
      failuresOf.delete(caller);
      failuresOf.set(caller, failures);
      const [quietest] = failuresOf.keys();
      if (failuresOf.size > maxCallers && quietest !== undefined) failuresOf.delete(quietest);
    },
  };
};
