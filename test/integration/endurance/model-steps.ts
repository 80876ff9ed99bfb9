/** The steps of the model. Each answers with what it was, for the trace of a failed seed. */
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { catchUp, hearAll, pass, pickOf, startCounter, type Cast, type Step } from './model-cast.ts';
import { fairWeather } from './kiosk-messages.ts';
import { backUp, forgery, hostile, restore, revoke } from './model-threats.ts';
import type { PlannedStep, StepName } from './model-plan.ts';
import { idsIn } from './page.ts';

const hourMs = 3_600_000;
const between = ({ random }: Cast, least: number, most: number): number =>
  Math.round(least + random.float() * (most - least));

const anyLock = ({ random, store }: Cast, bound: boolean): string =>
  pickOf(
    random,
    [...store.locks.values()].filter(({ boundTo }) => (boundTo !== null) === bound),
  )?.serialNumber ??
  [...store.locks.keys()][0] ??
  '';

const capture: Step = async (cast, { page }) => {
  hearAll(cast);
  const answer = await page.capture(anyLock(cast, false));
  return `capture: ${answer.ok ? 'ok' : answer.error.code}`;
};

const unlock: Step = async (cast, { page }) => {
  hearAll(cast);
  return `unlock: ${await page.unlock(anyLock(cast, true))}`;
};

const sync: Step = async (_cast, { page }) => `sync: ${await page.sync()}`;

const actOn =
  (what: 'retry' | 'abandon' | 'provision', ...states: Parameters<typeof idsIn>[1][]): Step =>
  async ({ random }, { page, shown }) => {
    const id = pickOf(random, idsIn(shown, ...states));
    if (id === undefined) return `${what}: nothing there`;
    const answer = await page[what](id);
    return `${what} ${id}: ${answer.ok ? 'ok' : answer.error.code}`;
  };

const weather: Step = ({ random }, { kiosk }) => {
  const next =
    pickOf(random, [
      { ...fairWeather, cut: true },
      { ...fairWeather, faults: 0.4 },
      { ...fairWeather, faults: 0.1 },
      fairWeather,
      fairWeather,
    ]) ?? fairWeather;
  kiosk.network(next);
  return Promise.resolve(`network: ${next.cut ? 'cut' : String(next.faults)}`);
};

const jump: Step = (cast, counter) => {
  const ms = between(cast, -5 * hourMs, 5 * hourMs);
  counter.clockOffsetMs += ms;
  counter.kiosk.jump(ms);
  return Promise.resolve(`clock jumps by ${String(ms)} ms`);
};

const restart: Step = async (cast, counter) => {
  // In the middle of a synchronisation, as often as not.
  const running = cast.random.float() < 0.5 ? counter.page.sync() : Promise.resolve('');
  await counter.kiosk.close();
  await running.catch(() => '');
  if (cast.random.float() < 0.3) counter.clockOffsetMs = between(cast, -5 * hourMs, 5 * hourMs);
  await startCounter(cast, counter, null);
  return 'restart';
};

const night: Step = async (cast) => {
  const { world, counters } = cast;
  for (const { kiosk } of counters) await kiosk.close();
  const hours = between(cast, 8, 9 * 24);
  world.now += hours * hourMs;
  await world.settle();
  for (const counter of counters) await startCounter(cast, counter, null);
  return `all were off for ${String(hours)} hours`;
};

const vendorFault: Step = ({ random, world }) => {
  const { vendor } = world;
  vendor.canRecover = random.float() < 0.6;
  const step = pickOf(random, ['lose', 'lose', 'refuse', 'down', 'commit'] as const) ?? 'commit';
  vendor.script.push(step);
  return Promise.resolve(`vendor: ${step}, ${vendor.canRecover ? 'can' : 'cannot'} recover`);
};

const renew: Step = async ({ world }) => {
  await world.renew();
  return 'renewal';
};

const lockFaults: Step = ({ random, store }) => {
  store.faults = random.float() < 0.5 ? 0 : 0.4;
  return Promise.resolve(`lock faults: ${String(store.faults)}`);
};

const newLock: Step = ({ store }) => Promise.resolve(`new lock ${store.add().serialNumber}`);

const wait: Step = async (cast) => {
  hearAll(cast);
  const ms = between(cast, 1_000, 90_000);
  await pass(cast, ms);
  return `${String(ms)} ms pass`;
};

const steps: Readonly<Record<StepName, Step>> = {
  capture,
  unlock,
  sync,
  retry: actOn('retry', 'refused', 'uncertain'),
  abandon: actOn('abandon', 'captured', 'refused'),
  provision: actOn('provision', 'registered'),
  network: weather,
  jump,
  restart,
  night,
  vendor: vendorFault,
  renewal: renew,
  locks: lockFaults,
  'new lock': newLock,
  wait,
  backup: backUp,
  restore,
  forgery,
  revocation: revoke,
  hostile,
};

export const takeStep = async (everyone: Cast, { name, counter, salt }: PlannedStep): Promise<string> => {
  const cast = { ...everyone, random: seededRandom(salt) };
  const chosen = cast.counters[counter];
  if (!chosen) throw new RangeError(`no kiosk ${String(counter)}`);
  const what = await steps[name](cast, chosen);
  catchUp(cast);
  // How far the backend has come is not left to how fast it is.
  await cast.world.settle();
  return `${chosen.name}: ${what}`;
};
