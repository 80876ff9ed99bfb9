/** Every benchmark, in the order of the table. */
import type { Bench } from './bench.ts';
import { memory, start } from './start.ts';
import { syncPull, syncPush } from './sync.ts';
import { write } from './write.ts';

export const benches: readonly Bench[] = [start, memory, write, syncPull, syncPush];
