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
  work: `${lockCount} locks, ${runsPerLock} times each after a first one of all and a first one since a restart, seen but not connected; 30 ms interval, 4 packets per event`,
  run: async () => {
    const bench = await openUnlockBench(lockCount);
    const floors: number[] = [];
    const times: number[] = [];
    const firstTimes: number[] = [];
    const firstOfAllTimes: number[] = [];
    const stages = createStageTimes();
    const firstStages = createStageTimes();
    const firstOfAllStages = createStageTimes();
    try {
      for (const lock of bench.locks) {
        await bench.rest(lock);
        firstOfAllTimes.push(await firstOfAllStages.measure((onStage) => bench.open(lock, onStage)));
      }
      // What is found out about a lock at its very first time is kept.
      await bench.restart();
      for (const lock of bench.locks) {
        await bench.rest(lock);
        firstTimes.push(await firstStages.measure((onStage) => bench.open(lock, onStage)));
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
    const first = median(firstTimes);
    const firstOfAll = median(firstOfAllTimes);
    const p95 = quantile([...firstTimes, ...times], 0.95);
    const floorP95 = quantile(floors, 0.95);
    return [
      {
        part: '',
        figure: total,
        unit: 'ms',
        goal: { relation: '<=', value: 600 },
        baseline: `medians by stage: ${stages.summary()}`,
      },
      {
        part: 'p95-ratio',
        figure: p95 / floorP95,
        unit: '×',
        goal: { relation: '<=', value: 1.3 },
        baseline: `${p95.toFixed(0)} ms against the floor's own p95, ${floorP95.toFixed(0)} ms`,
      },
      {
        part: 'first-ratio',
        figure: first / total,
        unit: '×',
        goal: { relation: '<=', value: 1.15 },
        baseline: `${first.toFixed(0)} ms against the same locks from then on, ${total.toFixed(0)} ms; medians by stage: ${firstStages.summary()}`,
      },
      {
        part: 'first-of-all-ratio',
        figure: firstOfAll / total,
        unit: '×',
        goal: { relation: '<=', value: 2 },
        baseline: `${firstOfAll.toFixed(0)} ms at a lock that this kiosk has never met; medians by stage: ${firstOfAllStages.summary()}`,
      },
      {
        part: 'floor-ratio',
        figure: total / floor,
        unit: '×',
        goal: { relation: '<=', value: 1.2 },
        baseline: `advertising wait, connect and two round trips by bare HCI: ${floor.toFixed(0)} ms`,
      },
    ];
  },
};
