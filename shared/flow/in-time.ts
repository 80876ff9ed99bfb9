/** Waiting with an end. */

/** What sets a timer: a kiosk's clock, or what stands in for one. */
export interface Timer {
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** Settles as `work` does, unless `ms` pass first: then it resolves with what `late` answers. `work` itself goes on. */
export const inTime = <T, L>(timer: Timer, ms: number, work: Promise<T>, late: () => L): Promise<T | L> =>
  new Promise((resolve, reject) => {
    const cancel = timer.after(ms, () => resolve(late()));
    work.then(resolve, reject).finally(cancel);
  });
