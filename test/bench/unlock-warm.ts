/** What is left to wait for when the lock was connected while the person chose. */
import type { Bench } from './bench.ts';
import { openUnlockBench } from './radio/unlock-bench.ts';
import { median } from './statistics.ts';

const lockCount = 4;
const runsPerLock = 5;

export const unlockWarm: Bench = {
  name: 'unlock-warm',
  work: `${lockCount} locks, ${runsPerLock} times each, connected before the tap; 30 ms interval, 4 packets per event`,
  run: async () => {
    const bench = await openUnlockBench(lockCount);
    const floors: number[] = [];
    const times: number[] = [];
    try {
      for (let run = 0; run < runsPerLock; run += 1) {
        for (const lock of bench.locks) {
          floors.push(await bench.floor());
          await bench.rest(lock);
          await bench.prepare(lock);
          times.push(await bench.open(lock));
        }
      }
    } finally {
      await bench.dispose();
    }
    return [
      {
        part: '',
        figure: median(times),
        unit: 'ms',
        goal: { relation: '<=', value: 200 },
        baseline: `one connect and two round trips by bare HCI: ${median(floors).toFixed(0)} ms`,
      },
    ];
  },
};
