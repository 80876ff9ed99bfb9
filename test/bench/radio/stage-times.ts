/** How long each stage of several unlocks took. */
import type { UnlockStage } from '#shared/models/access-event.ts';
import { median } from '../statistics.ts';

export interface StageTimes {
  /** Runs `work`, which tells of its stages, and answers what it answers. */
  measure<T>(work: (onStage: (stage: UnlockStage) => void) => Promise<T>): Promise<T>;
  /** Medians: "find 0 ms, connect 90 ms". */
  summary(): string;
}

export const createStageTimes = (): StageTimes => {
  const times = new Map<UnlockStage, number[]>();
  return {
    measure: async (work) => {
      let current: { readonly stage: UnlockStage; readonly since: number } | null = null;
      const close = (): void => {
        if (current === null) return;
        const { stage, since } = current;
        times.set(stage, [...(times.get(stage) ?? []), performance.now() - since]);
      };
      const result = await work((stage) => {
        close();
        current = { stage, since: performance.now() };
      });
      close();
      return result;
    },
    summary: () => [...times].map(([stage, list]) => `${stage} ${median(list).toFixed(0)} ms`).join(', '),
  };
};
