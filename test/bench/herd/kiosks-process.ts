/**
 * The process that plays a chain's kiosks, so that what they cost is not in the backend's figures. Its parent says what to play,
 * and ends it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../statistics.ts';
import { kiosksPerStore, makeFleet, type FleetKiosk } from './fleet.ts';
import { comeBack, type Step } from './played-kiosk.ts';
import { orderSchema, type HerdOrder, type HerdResult } from './herd-contract.ts';

/** Longer than any kiosk may need; whoever is not back then was refused for good. */
const patienceMs = 120_000;
const keptFailures = 5;

const play = async (order: HerdOrder): Promise<HerdResult> => {
  const fleet = await makeFleet(order, order);
  const { hostname, port } = new URL(order.url);
  const times = new Map<Step, number[]>();
  const kioskTimes: number[] = [];
  const failures: string[] = [];
  let [putOff, acknowledged] = [0, 0];
  // The chain is made: the herd begins.
  process.send?.({ type: 'made' });
  const began = performance.now();
  const ownBefore = process.cpuUsage();
  const plan = {
    target: { host: hostname, port: Number(port) },
    events: order.events,
    deadline: began + order.withinMs + patienceMs,
    tally: {
      answered: (step: Step, ms: number) => {
        const known = times.get(step);
        if (known) known.push(ms);
        else times.set(step, [ms]);
      },
      putOff: () => {
        putOff += 1;
      },
    },
    heard: () => undefined,
  };
  const one = async (kiosk: FleetKiosk, n: number): Promise<void> => {
    await pause((n / fleet.length) * order.withinMs);
    const from = performance.now();
    try {
      const returned = await comeBack(kiosk, plan);
      acknowledged += returned.acknowledged;
      kioskTimes.push(performance.now() - from);
    } catch (failure) {
      if (failures.length < keptFailures) failures.push(String(failure));
    }
  };
  // One of each store, then the next of each: a store's kiosks do not come as one.
  const turns = Array.from({ length: kiosksPerStore }, (_, turn) =>
    fleet.filter((_kiosk, at) => at % kiosksPerStore === turn),
  ).flat();
  await Promise.all(turns.map(one));
  const own = process.cpuUsage(ownBefore);
  const all = [...times.values()].flat();
  return {
    type: 'back',
    back: kioskTimes.length,
    failures,
    acknowledged,
    requests: all.length,
    putOff,
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    longest: quantile(all, 1),
    byStep: Object.fromEntries([...times].map(([step, ms]) => [step, quantile(ms, 0.99)])),
    tookMs: performance.now() - began,
    ownMs: (own.user + own.system) / 1000,
    kioskP99: quantile(kioskTimes, 0.99),
  };
};

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.on('message', (message) => {
  play(orderSchema.parse(message)).then(
    (result) => process.send?.(result),
    (failure: unknown) => {
      process.stderr.write(`${String(failure)}\n`);
      process.exit(1);
    },
  );
});
process.send?.({ type: 'ready' });
