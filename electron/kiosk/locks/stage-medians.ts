/** Where the time of an unlock goes: the medians of the last ones that succeeded, stage by stage. */
import type { AccessEvent } from '#shared/models/access-event.ts';
import { unlockStages } from '#shared/models/access-event.ts';

type StageMs = AccessEvent['stageMs'];

export interface StageMedians {
  add(stageMs: StageMs): void;
  /** Milliseconds; null before the first success. */
  medians(): StageMs | null;
}

const kept = 21;

export const createStageMedians = (): StageMedians => {
  const last: StageMs[] = [];
  return {
    add: (stageMs) => {
      last.push(stageMs);
      if (last.length > kept) last.shift();
    },
    medians: () => {
      if (last.length === 0) return null;
      const medians: StageMs = {};
      for (const stage of unlockStages) {
        const times = last.flatMap((one) => one[stage] ?? []).sort((a, b) => a - b);
        const middle = times[Math.floor(times.length / 2)];
        if (middle !== undefined) medians[stage] = middle;
      }
      return medians;
    },
  };
};
