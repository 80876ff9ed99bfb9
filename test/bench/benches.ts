/** Every benchmark, in the order of the table. */
import type { Bench } from './bench.ts';

export const benches: readonly Bench[] = [];
