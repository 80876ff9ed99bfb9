/** Statistics of a few runs: a figure is a median, because machines are noisy. */

/** The value below which the share `q` (0 to 1) of the values lies, by linear interpolation; NaN of nothing. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) return Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Milliseconds that `work` takes. */
export const timeOf = async (work: () => unknown): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Runs `work` `count` times, one after the other, after one run that does not count; milliseconds of each. */
export const timesOf = async (count: number, work: (run: number) => unknown): Promise<number[]> => {
  await work(-1);
  const times: number[] = [];
  for (let run = 0; run < count; run += 1) times.push(await timeOf(() => work(run)));
  return times;
};
