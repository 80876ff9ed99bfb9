/**
 * The radio process killed at every packet between it and its controller, in every exchange, on a controller that is kept: what
 * the dead one has told it must not stand in the next one's way. Real noble and bleno over the simulated air.
 */
import { filter, firstValueFrom } from 'rxjs';
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import { delay } from '#simulators/delay.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createRadioClient, type RadioClient, type RadioProcess } from '#kiosk/radio/radio-client.ts';
import { createStoreAir } from '#simulators/air/main.ts';
import { createSimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { startInProcessRadio } from '#support/in-process-radio.ts';
import { createOddAdapter } from '#support/odd-adapter.ts';
import { scaledClock } from '#support/scaled-clock.ts';
import { exchanges, firstExchange, nextExchange, type Exchange } from './exchanges.ts';
import { codeOf, deadlineMs, factsOf, judge, type Answer, type Verdict } from './promises.ts';
import type { Tally } from './tally.ts';
import type { FaultWorld } from './world.ts';

const speed = 5;
/** From a radio that is there again to a lock that has answered. */
const reachableWithinMs = 5_000;
const closesWithinMs = 1_000;
/** What a machine with other work may be late by, in milliseconds of the air's time. */
const slackMs = 3_000;

export interface RestartOutcome extends Verdict {
  /** Whether the exchange got as far as that packet. */
  readonly reached: boolean;
  /** Milliseconds from the radio's return to the lock's answer. */
  readonly reachableAfter: number;
}

const ask = async (
  driver: LockDriver,
  { clock, world }: { readonly clock: Clock; readonly world: FaultWorld },
  exchange: Exchange,
  givenMs: number,
): Promise<Answer> => {
  const began = clock.monotonic();
  let committed = false;
  const operation = { deadlineMs: givenMs, onCommitted: () => (committed = true) };
  const late = Promise.withResolvers<undefined>();
  const cancel = clock.after(givenMs + slackMs, () => late.resolve(undefined));
  const result = await Promise.race([exchange.run(driver, world, operation), late.promise]);
  cancel();
  const after = result === undefined ? null : clock.monotonic() - began;
  return { code: codeOf(result), after, committed };
};

const isReady = (radio: RadioClient): Promise<unknown> =>
  firstValueFrom(radio.state$.pipe(filter((state) => state === 'ready')));

/** `real`: a process of its own that is killed, at the pace of life. `here`: the same in this process, and faster. */
export type Victim = 'real' | 'here';

/** One run: the radio process dies when the `place`th packet of the exchange is about to pass, counted from 1. */
export const runRestart = async (
  world: FaultWorld,
  exchange: Exchange,
  place: number,
  victim: Victim,
): Promise<RestartOutcome> => {
  const clock = scaledClock(victim === 'real' ? 1 : speed);
  const memory = world.memory(exchange.provisioned);
  const random = seededRandom(place);
  const lock = createSimulatedLock({ identity: world.identity, clock, random, memory });
  const store = await createStoreAir({ clock, random, locks: [lock], port: 0 });
  const adapter = await createOddAdapter(store.h4);
  /** One that is slow to begin has company, and either may be the radio then: all of them are killed. */
  const started: RadioProcess[] = [];
  const start = (): RadioProcess => {
    const process =
      victim === 'real'
        ? forkRadioProcess()
        : startInProcessRadio({ clock, random, cut: () => adapter.cut() });
    started.push(process);
    return process;
  };
  const radio = createRadioClient({
    spawn: start,
    clock,
    random,
    logger: silentLogger,
    config: { h4: adapter.h4 },
  });
  const vendorRoot = (): Uint8Array => world.identity.root;
  const driver = createOpenDriver({ radio, clock, random, logger: silentLogger, vendorRoot });
  const broken: string[] = [];
  const given = { clock, world };

  await isReady(radio);
  if (exchange.again) {
    const first = await ask(driver, given, firstExchange, 2 * deadlineMs);
    if (first.code !== 'ok') broken.push(`without a fault: ${first.code}`);
  }
  const before = factsOf(memory);
  let gone: Promise<unknown> = Promise.resolve();
  const seen = { packets: 0, reached: false };
  adapter.onPacket = () => {
    seen.packets += 1;
    if (seen.packets !== place) return;
    seen.reached = true;
    gone = firstValueFrom(radio.state$.pipe(filter((state) => state !== 'ready')));
    for (const process of started) process.kill();
  };
  const answer = await ask(driver, given, exchange, deadlineMs);
  const late = Math.max(0, (answer.after ?? 0) - slackMs);
  broken.push(
    ...judge(exchange, { ...answer, after: answer.after === null ? null : late }, before, factsOf(memory)),
  );
  // The link is closed after the answer.
  if (!seen.reached) await delay(clock, closesWithinMs);
  adapter.onPacket = () => undefined;
  let reachableAfter = 0;
  if (seen.reached) {
    await gone;
    await isReady(radio);
    const next = await ask(
      driver,
      given,
      nextExchange(factsOf(memory).provisioned, exchange),
      reachableWithinMs,
    );
    if (next.code !== 'ok') broken.push(`lost: the lock answers with ${next.code}`);
    reachableAfter = next.after ?? Number.POSITIVE_INFINITY;
  }
  const { commands, packets, tooLong } = store.controller.overruns();
  if (commands + packets + tooLong > 0) broken.push('the controller was told more than it has room for');
  await driver.dispose();
  await radio.dispose();
  await adapter.dispose();
  await store.dispose();
  lock.dispose();
  return { outcome: answer.code, broken, reached: seen.reached, reachableAfter };
};

/**
 * Every packet of every exchange here, and of the first one with real processes. Answers the longest that a lock took to be
 * reachable again, in milliseconds.
 */
export const sweepRestarts = async (world: FaultWorld, tally: Tally): Promise<number> => {
  let longest = 0;
  const sweep = async (exchange: Exchange, victim: Victim): Promise<void> => {
    for (let place = 1, reached = true; reached; place += 1) {
      const outcome = await runRestart(world, exchange, place, victim);
      ({ reached } = outcome);
      longest = Math.max(longest, outcome.reachableAfter);
      const what = victim === 'real' ? 'radio process killed' : 'radio killed';
      tally.add(`${exchange.name}: ${what}`, outcome, `at packet ${place} of ${exchange.name}`);
    }
  };
  for (const exchange of exchanges) await sweep(exchange, 'here');
  for (const exchange of exchanges.slice(0, 1)) await sweep(exchange, 'real');
  return longest;
};
