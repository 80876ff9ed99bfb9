/**
 * Fault runs through real noble and real bleno over the simulated air, ten times as fast as life: fewer than on the fake
 * radio, to see that what holds there holds with a radio's own ways of losing a link.
 */
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { createLockRadio } from '#simulators/air/lock-radio.ts';
import {
  corruptFrame,
  dropFrame,
  duplicateFrame,
  silentAfter,
  slowAnswer,
  swapFrames,
  truncateFrame,
  withFault,
  type Direction,
  type LinkFault,
} from '#simulators/lock/faults.ts';
import { createSimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { createRadioRig } from '#support/radio-rig.ts';
import { scaledClock } from '#support/scaled-clock.ts';
import { exchanges, nextExchange, type Exchange } from './exchanges.ts';
import { codeOf, deadlineMs, factsOf, judge, type Verdict } from './promises.ts';
import type { FaultWorld } from './world.ts';

export interface AirStage {
  /** One run; the same seed makes the same faults, though not the same moments. */
  run(seed: number): Promise<Verdict & { readonly name: string }>;
  dispose(): Promise<void>;
}

const speed = 10;
/** What a machine with other work may be late by, in milliseconds of the air's time. */
const slackMs = 5000;
const awayMs = 1500;
const mostLoss = 0.3;

const faultKinds = [
  'none',
  'dropped',
  'doubled',
  'corrupted',
  'cut',
  'swapped',
  'silent',
  'slow',
  'gone',
] as const;
type FaultKind = (typeof faultKinds)[number];

const pick = <T>(random: Random, items: readonly T[], otherwise: T): T =>
  items[Math.floor(random.float() * items.length)] ?? otherwise;

export const createAirStage = (world: FaultWorld): AirStage => {
  const rig = createRadioRig(0);
  const clock = scaledClock(speed);
  const memory = world.memory(true);
  const lock = createSimulatedLock({
    identity: world.identity,
    clock,
    random: seededRandom(1),
    memory,
    frameSize: 64,
  });
  let fault: () => LinkFault = () => ({});
  const lockRadio = createLockRadio(
    rig.air,
    withFault(lock, () => fault()),
    2,
  );
  const driver = createOpenDriver({
    radio: rig.radio(clock),
    clock,
    random: seededRandom(2),
    logger: silentLogger,
    vendorRoot: () => world.identity.root,
  });

  const goAway = (): void => {
    rig.air.vanish(lock.address);
    clock.after(awayMs, () => rig.air.appear(lock.address));
  };
  const faultOf = (kind: FaultKind, direction: Direction, place: number, lateMs: number): LinkFault => {
    switch (kind) {
      case 'none':
        return {};
      case 'dropped':
        return dropFrame(direction, place);
      case 'doubled':
        return duplicateFrame(direction, place);
      case 'corrupted':
        return corruptFrame(direction, place);
      case 'cut':
        return truncateFrame(direction, place);
      case 'swapped':
        return swapFrames(direction, place);
      case 'silent':
        return silentAfter(place);
      case 'slow':
        return slowAnswer(clock, lateMs);
      case 'gone':
        return {
          [direction]: (frame: Uint8Array, index: number, deliver: (kept: Uint8Array) => void) => {
            if (index === place) goAway();
            deliver(frame);
          },
        };
    }
  };
  const ask = async (exchange: Exchange, givenMs: number) => {
    const began = clock.monotonic();
    let committed = false;
    const operation = { deadlineMs: givenMs, onCommitted: () => (committed = true) };
    const late = Promise.withResolvers<undefined>();
    const cancel = clock.after(givenMs + slackMs, () => late.resolve(undefined));
    const result = await Promise.race([exchange.run(driver, world, operation), late.promise]);
    cancel();
    const after = result === undefined ? null : Math.max(0, clock.monotonic() - began - slackMs);
    return { code: codeOf(result), after, committed };
  };

  return {
    run: async (seed) => {
      const random = seededRandom(seed);
      const kind = pick(random, faultKinds, 'none');
      // One lock serves all runs, so none may give it back.
      const provisioned = exchanges.filter(
        (exchange) => exchange.provisioned && !exchange.again && exchange.changes !== 'release',
      );
      const exchange = pick(random, provisioned, nextExchange(true));
      const direction = pick<Direction>(random, ['toLock', 'toKiosk'], 'toLock');
      const place = Math.floor(random.float() * 14);
      const lateMs = Math.floor(random.float() * 4000);
      fault = () => faultOf(kind, direction, place, lateMs);
      rig.air.configure({ loss: random.float() * mostLoss });
      const before = factsOf(memory);
      const answer = await ask(exchange, deadlineMs);
      const broken = judge(exchange, answer, before, factsOf(memory));
      fault = () => ({});
      rig.air.configure({ loss: 0 });
      rig.air.appear(lock.address);
      const next = await ask(nextExchange(true), 3 * deadlineMs);
      if (next.code !== 'ok') broken.push(`wedged: the next session ends with ${next.code}`);
      return { name: `over the air: ${kind}`, outcome: answer.code, broken };
    },
    dispose: async () => {
      await driver.dispose();
      lockRadio.dispose();
      lock.dispose();
      await rig.dispose();
    },
  };
};
