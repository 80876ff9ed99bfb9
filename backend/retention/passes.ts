/** Removing is done in small steps with pauses between them: whoever works with the database hardly notices. */

export interface Pace {
  /** Rows in one transaction. */
  readonly rows: number;
  /** Steps in one pass, over all that there is to remove. */
  readonly steps: number;
  /** Between two steps. */
  readonly pauseMs: number;
}

/** 100,000 rows in a pass, and a pass every ten minutes: more than 14 million a day. */
export const defaultPace: Pace = { rows: 500, steps: 200, pauseMs: 100 };

export interface Steps {
  /**
   * Repeats `step` until it tells of fewer rows than it was given as the most, the pass has no step left or `stop` is aborted.
   * Tells how many rows went.
   */
  repeat(step: (most: number) => Promise<number>): Promise<number>;
}

export const createSteps = (pace: Pace, stop: AbortSignal, wait: (ms: number) => Promise<void>): Steps => {
  let left = pace.steps;
  return {
    repeat: async (step) => {
      let gone = 0;
      while (left > 0 && !stop.aborted) {
        left -= 1;
        const removed = await step(pace.rows);
        gone += removed;
        if (removed < pace.rows) break;
        await wait(pace.pauseMs);
      }
      return gone;
    },
  };
};
