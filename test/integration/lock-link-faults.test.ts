/** Links that end, frames that vanish, change, repeat or overtake each other: at every place of every exchange. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#shared/errors/app-error.ts';
import { createLockBench, makeVendor, type LockBench } from '#support/lock-bench.ts';
import type { FrameFate } from '#support/fake-link.ts';
import {
  corruptFrame,
  dropFrame,
  duplicateFrame,
  silentAfter,
  swapFrames,
  truncateFrame,
  withFault,
  type Direction,
  type LinkFault,
} from '#simulators/lock/faults.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Vendor } from '#simulators/vendor/open-vendor.ts';
import type { LockCredentials, LockOperation } from '#kiosk/link/lock-driver.ts';

const serialNumber = '0000051a00000005';
const deadlineMs = 10_000;
const actorHash = new Uint8Array(32);

let vendor: Vendor;
let forgetVendor: () => Promise<void>;
let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;

beforeAll(async () => {
  ({ vendor, dispose: forgetVendor } = await makeVendor());
});
afterAll(() => forgetVendor());
afterEach(() => bench.dispose());

const begin = async (provisioned: boolean): Promise<void> => {
  // Small frames make many places to fail at.
  bench = await createLockBench(vendor, { maxFrame: 100, frameSize: 64 });
  lock = await bench.makeLock(serialNumber, { provisioned });
  credentials = await bench.credentials(lock);
};

type Exchange = (operation: LockOperation) => Promise<Result<unknown>>;
const exchanges: Record<string, { readonly provisioned: boolean; readonly run: Exchange }> = {
  unlock: {
    provisioned: true,
    run: (operation) =>
      bench.driver.unlock(serialNumber, credentials, { holdOpenSeconds: 60, actorHash }, operation),
  },
  provision: {
    provisioned: false,
    run: (operation) => bench.driver.provision(serialNumber, credentials, operation),
  },
  status: {
    provisioned: true,
    run: (operation) => bench.driver.status(serialNumber, credentials, operation),
  },
  identify: {
    provisioned: true,
    run: (operation) => bench.driver.identify(serialNumber, credentials, operation),
  },
  'plain identify': {
    provisioned: false,
    run: (operation) => bench.driver.identify(serialNumber, null, operation),
  },
  readEnrolment: {
    provisioned: false,
    run: (operation) => bench.driver.readEnrolment(serialNumber, operation),
  },
};

const state = (): { open: boolean; provisioned: boolean } => {
  const flags = lock.advertisement().advertising[25]!;
  return { provisioned: (flags & 1) !== 0, open: (flags & 2) !== 0 };
};

interface Run {
  readonly outcome: string;
  readonly committed: boolean;
}

/** Runs to the end, with the lock heard all along, and looks whether the answer is true. */
const runOnce = async (name: string, exchange: Exchange): Promise<Run> => {
  const before = state();
  let committed = false;
  const answers: Result<unknown>[] = [];
  bench.radio.hear(lock);
  void exchange({ deadlineMs, onCommitted: () => (committed = true) }).then((answer) => answers.push(answer));
  for (let second = 0; second <= deadlineMs / 1000; second += 1) {
    await bench.settle();
    if (answers[0]) break;
    bench.radio.hear(lock);
    await bench.clock.advance(1000);
  }
  const [result] = answers;
  const outcome = result === undefined ? 'hangs' : result.ok ? 'ok' : result.error.code;
  const after = state();
  const changed = name === 'unlock' ? after.open : after.provisioned !== before.provisioned;
  if (name === 'unlock' || name === 'provision') {
    if (outcome === 'ok') expect(changed, `${name} said ok`).toBe(true);
    if (changed) expect(outcome, `${name} changed the lock`).toMatch(/^(ok|lock\.outcome_unknown)$/);
    if (outcome === 'lock.outcome_unknown') expect(committed).toBe(true);
  } else {
    expect(committed).toBe(false);
    expect(outcome).not.toBe('lock.outcome_unknown');
  }
  return { outcome, committed };
};

/** Both ends serve the next session as if nothing had been. */
const expectNotWedged = async (): Promise<void> => {
  bench.radio.frameFault = () => 'deliver';
  await bench.clock.advance(61_000);
  bench.radio.add(lock);
  const exchange = state().provisioned ? exchanges['status']! : exchanges['provision']!;
  expect(await runOnce('next', async (operation) => exchange.run(withoutCommit(operation)))).toMatchObject({
    outcome: 'ok',
  });
  await bench.settle();
  expect(bench.radio.openLinks).toBe(0);
};
const withoutCommit = ({ deadlineMs: ms }: LockOperation): LockOperation => ({ deadlineMs: ms });

const expected: readonly (readonly [fate: FrameFate, names: RegExp])[] = [
  ['lose_before', /^(ok|lock\.link_lost|lock\.not_near|lock\.outcome_unknown)$/],
  ['lose_after', /^(ok|lock\.link_lost|lock\.not_near|lock\.outcome_unknown)$/],
  ['vanish', /^(ok|lock\.answer_timeout|lock\.protocol|lock\.outcome_unknown)$/],
];

describe.each(Object.entries(exchanges))('%s', (name, { provisioned, run }) => {
  it.each(expected)('has a named outcome when frames %s, at every frame', async (fate, names) => {
    const reached = new Set<number>();
    for (let place = 0; reached.size === place; place += 1) {
      await begin(provisioned);
      bench.radio.frameFault = (_direction, index) => {
        if (index !== place) return 'deliver';
        reached.add(place);
        return fate;
      };
      const { outcome } = await runOnce(name, run);
      expect(outcome, `${fate} at frame ${place}`).toMatch(reached.has(place) ? names : /^ok$/);
      await expectNotWedged();
      await bench.dispose();
    }
    expect(reached.size).toBeGreaterThanOrEqual(
      name === 'plain identify' || name === 'readEnrolment' ? 3 : 12,
    );
  });

  it('is through at the second attempt when a link was lost before the command', async () => {
    for (let place = 0; place < 4; place += 1) {
      await begin(provisioned);
      bench.radio.frameFault = (_direction, index) =>
        bench.radio.connections === 1 && index === place ? 'lose_before' : 'deliver';
      const { outcome } = await runOnce(name, run);
      expect(outcome, `lost at frame ${place}`).toBe('ok');
      await bench.dispose();
    }
    await begin(provisioned);
  });
});

describe('a lock or an air that garbles', () => {
  const faults: Record<string, (direction: Direction, place: number) => LinkFault> = {
    dropFrame,
    duplicateFrame,
    truncateFrame,
    swapFrames,
    'corruptFrame, its header': (direction, place) => corruptFrame(direction, place, 0),
    'corruptFrame, its last byte': (direction, place) => corruptFrame(direction, place, -1),
    silentAfter: (_direction, place) => silentAfter(place),
  };
  it.each(Object.entries(faults))(
    '%s: never a false "opened", and the next session works',
    async (_name, fault) => {
      for (const direction of ['toLock', 'toKiosk'] as const) {
        for (let place = 0; place < 14; place += 1) {
          await begin(true);
          bench.radio.add(withFault(lock, () => fault(direction, place)));
          const { outcome } = await runOnce('unlock', exchanges['unlock']!.run);
          expect(outcome, `${direction}, frame ${place}`).toMatch(
            /^(ok|lock\.(protocol|not_genuine|answer_timeout|outcome_unknown))$/,
          );
          await expectNotWedged();
          await bench.dispose();
        }
      }
      await begin(true);
    },
  );
});

it('random faults of every kind, thirty frames in a hundred: always a true and named outcome', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(exchanges)),
      fc.array(
        fc.oneof(
          { weight: 14, arbitrary: fc.constant<FrameFate>('deliver') },
          { weight: 6, arbitrary: fc.constantFrom<FrameFate>('vanish', 'lose_before', 'lose_after') },
        ),
        { minLength: 40, maxLength: 40 },
      ),
      async (name, fates) => {
        const { provisioned, run } = exchanges[name]!;
        await begin(provisioned);
        let frame = 0;
        bench.radio.frameFault = () => fates[frame++] ?? 'deliver';
        const { outcome } = await runOnce(name, run);
        expect(outcome).not.toBe('hangs');
        await expectNotWedged();
        await bench.dispose();
      },
    ),
    { numRuns: 100 },
  );
  await begin(true);
});
