/** Every benchmark, in the order of the table. */
import type { Bench } from './bench.ts';
import { write } from './write.ts';

export const benches: readonly Bench[] = [write];
