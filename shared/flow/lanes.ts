/** As `createQueue`, with several pieces of work at once: each begins when one of the lanes is free, in the order in which they were added. */
import { createQueue } from './queue.ts';

export interface Lanes {
  readonly add: <T>(work: () => Promise<T>) => Promise<T>;
}

export const createLanes = (count: number): Lanes => {
  const lanes = Array.from({ length: count }, () => ({ queue: createQueue(), waiting: 0 }));
  return {
    add: async (work) => {
      const lane = lanes.reduce((least, one) => (one.waiting < least.waiting ? one : least));
      lane.waiting += 1;
      try {
        return await lane.queue.add(work);
      } finally {
        lane.waiting -= 1;
      }
    },
  };
};
