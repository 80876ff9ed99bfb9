/** Every benchmark, in the order of the table. */
import type { Bench } from './bench.ts';
import { capture } from './capture.ts';
import { decideBench } from './decide.ts';
import { discoverPage } from './discover-page.ts';
import { discover } from './discover.ts';
import { herd } from './herd.ts';
import { ingest } from './ingest.ts';
import { list } from './list.ts';
import { neighbour } from './neighbour.ts';
import { operatorPages } from './operator-pages.ts';
import { memory, start } from './start.ts';
import { propagate, streams } from './streams.ts';
import { syncPull, syncPush } from './sync.ts';
import { unlockCold } from './unlock-cold.ts';
import { unlockCpu } from './unlock-cpu.ts';
import { unlockWarm } from './unlock-warm.ts';
import { write } from './write.ts';

export const benches: readonly Bench[] = [
  unlockCold,
  unlockWarm,
  unlockCpu,
  capture,
  discover,
  discoverPage,
  list,
  start,
  memory,
  write,
  syncPull,
  syncPush,
  neighbour,
  herd,
  streams,
  propagate,
  ingest,
  operatorPages,
  decideBench,
];
