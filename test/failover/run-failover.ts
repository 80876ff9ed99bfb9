/** Cases one after the other under load, each measured and checked; then all that was acknowledged is held against what is there. */
import { setTimeout as wait } from 'node:timers/promises';
import { makeFleet } from '../bench/herd/fleet.ts';
import { failoverCases, type FailoverCase } from './cases.ts';
import { startCounter, type Counter } from './counter.ts';
import { deafInstances } from './listening.ts';
import { until } from './owned.ts';
import type { Programs } from './programs.ts';
import { startSite, type Site } from './site.ts';
import { watchOutage } from './outage.ts';
import { findFaults, findLosses, outboxOf } from './what-is-held.ts';
import type { WorkFolder } from './work-folder.ts';

export interface FailoverOptions {
  readonly kiosks: number;
  readonly cases: readonly string[];
  readonly say: (line: string) => void;
}

/** On top of Patroni's own time. */
const mostAfterPatroniMs = 3_000;
const paceMs = 500;
const probePaceMs = 50;
const backWithinMs = 120_000;
const settledWithinMs = 180_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const runFailover = async (
  { folder, runAs, smallDisk }: WorkFolder,
  programs: Programs,
  { kiosks, cases, say }: FailoverOptions,
): Promise<readonly string[]> => {
  const site = await startSite({ folder, runAs }, programs, { smallDisk });
  const counters: Counter[] = [];
  try {
    await site.untilReady();
    const { cluster, tenantId, sealingSecret } = site;
    const chain = { databaseUrl: cluster.url, tenantId, sealingSecret };
    const [first, listener, ...fleet] = await makeFleet(chain, { kiosks: kiosks + 2, changedShare: 0 });
    if (!first || !listener) throw new Error('no kiosks');
    const target = { host: '127.0.0.1', port: cluster.kiosksPort };
    const heard: number[] = [];
    const probe = startCounter(first, {
      target,
      paceMs: probePaceMs,
      failureMs: probePaceMs,
      captures: false,
      acknowledged: () => heard.push(performance.now()),
    });
    counters.push(probe);
    for (const kiosk of fleet) counters.push(startCounter(kiosk, { target, paceMs, captures: true }));
    await until('load', backWithinMs, () =>
      Promise.resolve(counters.every(({ acknowledged }) => acknowledged > 2)),
    );
    say(`${counters.length} kiosks at two instances, two servers under Patroni, three members of etcd`);

    const faults: string[] = [];
    for (const each of failoverCases.filter(({ name }) => cases.length === 0 || cases.includes(name))) {
      const found = await runCase(site, each, { counters, heard, say });
      for (const deaf of await deafInstances(site, listener)) found.push(deaf);
      for (const fault of found) say(`   FAULT ${fault}`);
      faults.push(...found.map((fault) => `${each.name}: ${fault}`));
    }
    await Promise.race([
      Promise.all(counters.map((counter) => counter.finish())),
      wait(settledWithinMs, null, { ref: false }),
    ]);
    await until(
      'all is registered',
      settledWithinMs,
      async () => (await outboxOf(cluster.url)) === 0,
      1_000,
    ).catch((late: unknown) => faults.push(String(late)));
    faults.push(...(await findFaults(site, counters)));
    const sum = (of: (counter: Counter) => number): number =>
      counters.reduce((total, each) => total + of(each), 0);
    say(
      `acknowledged: ${sum(({ acknowledged }) => acknowledged)} events, ${sum(({ captured }) => captured.length)} captures; ` +
        `registered: ${site.vendor.vendor.committed.length}, asked ${site.vendor.vendor.calls.length} times; ` +
        `put off: ${sum(({ putOff }) => putOff)}`,
    );
    return faults;
  } finally {
    await site.dispose();
  }
};

const runCase = async (
  site: Site,
  { name, what, begin }: FailoverCase,
  load: {
    readonly counters: readonly Counter[];
    readonly heard: number[];
    readonly say: (line: string) => void;
  },
): Promise<string[]> => {
  const { cluster } = site;
  const { counters, heard, say } = load;
  await cluster.untilWhole();
  await site.untilReady();
  const [primary] = await cluster.leaders();
  const standby = cluster.nodes.find((node) => node !== primary);
  if (!primary || !standby) throw new Error('no primary');
  say(`${name}: ${what}`);
  heard.splice(0);
  const outage = watchOutage(cluster, primary, heard);
  const breakage = await begin(site, primary, standby);
  if (typeof breakage === 'string') {
    outage.stop();
    say(`   NOT RUN: ${breakage}`);
    return [];
  }
  const faults: string[] = [];
  const { newPrimary, forMs, heal } = breakage;
  try {
    if (newPrimary)
      await until('a new primary', backWithinMs, () => Promise.resolve(outage.primaryMs() !== null));
    if (newPrimary)
      await until('a success after it', backWithinMs, () => Promise.resolve(outage.successMs() !== null));
    await wait(forMs);
  } catch (late) {
    faults.push(String(late));
  }
  faults.push(...(await findLosses(cluster.url, counters).catch(() => [])));
  const healedAt = performance.now();
  await heal();
  await cluster.untilWhole();
  await site.untilReady();
  const healedMs = performance.now() - healedAt;
  const waiting = counters.map(({ acknowledged }) => acknowledged);
  await until('every kiosk has handed something in again', backWithinMs, () =>
    Promise.resolve(counters.every(({ acknowledged }, n) => acknowledged > (waiting[n] ?? 0))),
  ).catch((late: unknown) => faults.push(String(late)));
  outage.stop();
  const [ownMs, successMs] = [outage.primaryMs(), outage.successMs()];
  if (newPrimary && ownMs !== null && successMs !== null) {
    const after = successMs - ownMs;
    say(
      `   a new primary after ${seconds(ownMs)}, the first success after ${seconds(successMs)} (${after < 0 ? '' : '+'}${seconds(after)})`,
    );
    if (after > mostAfterPatroniMs)
      faults.push(`the first success came ${seconds(after)} after the new primary`);
  }
  say(
    `   longest without a success: ${seconds(outage.longestGapMs())}; whole again ${seconds(healedMs)} after it was healed`,
  );
  faults.push(...(await findLosses(cluster.url, counters)));
  return faults;
};
