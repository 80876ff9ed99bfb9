/** A lock that was seen and is not connected, opened over real noble and real bleno: most of what a person waits for. */
import type { Bench } from './bench.ts';
import { openUnlockBench } from './radio/unlock-bench.ts';
import { createStageTimes } from './radio/stage-times.ts';
import { median, quantile } from './statistics.ts';

const lockCount = 8;
/** Many: how long a lock takes until it advertises again is chance, and more than half of what is measured. */
const runsPerLock = 12;

export const unlockCold: Bench = {
  name: 'unlock-cold',
  work: `${lockCount} locks, ${runsPerLock} times each after a first one, seen but not connected; 30 ms interval, 4 packets per event`,
  run: async () => {
    const bench = await openUnlockBench(lockCount);
    const floors: number[] = [];
    const times: number[] = [];
    const firstTimes: number[] = [];
    const stages = createStageTimes();
    try {
      // What is found out about a lock at its first time is known until the kiosk is started anew.
      for (const lock of bench.locks) {
        await bench.rest(lock);
        firstTimes.push(await bench.open(lock));
      }
      for (let run = 0; run < runsPerLock; run += 1) {
        for (const lock of bench.locks) {
          floors.push(await bench.floor());
          await bench.rest(lock);
          times.push(await stages.measure((onStage) => bench.open(lock, onStage)));
        }
      }
    } finally {
      await bench.dispose();
    }
    const total = median(times);
    const floor = median(floors);
    return [
      {
        part: '',
        figure: total,
        unit: 'ms',
        goal: { relation: '<=', value: 600 },
        baseline: `medians by stage: ${stages.summary()}`,
      },
      {
        part: 'p95',
        figure: quantile([...firstTimes, ...times], 0.95),
        unit: 'ms',
        goal: { relation: '<=', value: 1000 },
        baseline: `the floor's own p95: ${quantile(floors, 0.95).toFixed(0)} ms`,
      },
      {
        part: 'first',
        figure: median(firstTimes),
        unit: 'ms',
        goal: { relation: '<=', value: 600 },
        baseline: `the same locks from then on: ${total.toFixed(0)} ms`,
      },
      {
        part: 'floor-ratio',
        figure: total / floor,
        unit: '×',
        goal: { relation: '<=', value: 1.5 },
        baseline: `advertising wait, connect and two round trips by bare HCI: ${floor.toFixed(0)} ms`,
      },
    ];
  },
};
