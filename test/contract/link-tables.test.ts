/**
 * The tables of docs/link.md are what happens. Each row of "Faults" is a test of that name: the fault is made at every place
 * of an unlock, and what comes out is what the row says, neither more nor less. A row without a test fails, and a test
 * without a row.
 */
import { describe, expect, test as base } from 'vitest';
import { chainReasons } from '#kiosk/link/wire/chain-policy.ts';
import type { LockCredentials, LockOperation } from '#kiosk/link/lock-driver.ts';
import { refusals } from '#kiosk/link/wire/results.ts';
import { withFault, type LinkFault } from '#simulators/lock/faults.ts';
import { linkLines, linkTable } from '#support/link-document.ts';
import { createLockBench, makeVendor, type LockBench } from '#support/lock-bench.ts';
import { exchanges, type Exchange } from '../faults/exchanges.ts';
import { codeOf } from '../faults/promises.ts';
import { runFault, type FaultPlan, type FrameEvent } from '../faults/run.ts';
import { makeFaultWorld } from '../faults/world.ts';

const codesIn = (cell = ''): string[] =>
  [...cell.matchAll(/`((?:lock|radio)\.[a-z_]+)`/g)].map(([, code = '']) => code);

base('the codes of the chain policy are its reasons, in their order', () => {
  const rows = linkTable('## Chain policy').map(([code, reason]) => [Number(code), reason]);
  expect(rows).toEqual(chainReasons.map((reason, index) => [index + 1, `\`${reason}\``]));
});

base('the codes of refusals are the refusals, in their order', () => {
  const rows = linkLines.flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    // Two halves of one table side by side.
    const [, code, name, , , laterCode, laterName] = cells;
    return cells.length === 9 ? [[code, name] as const, [laterCode, laterName] as const] : [];
  });
  const told = rows.filter(([code]) => /^\d+$/.test(code ?? ''));
  expect(told.sort(([a], [b]) => Number(a) - Number(b))).toEqual(
    refusals.map((name, index) => [String(index + 1), name]),
  );
});

/** How one run ended. */
interface End {
  readonly code: string;
  /** Whether the command had left. */
  readonly committed: boolean;
}

const exchangeCalled = (name: string): Exchange => {
  const found = exchanges.find((exchange) => exchange.name === name);
  if (!found) throw new Error(`no exchange ${name}`);
  return found;
};
const deliver: FrameEvent = { fate: 'deliver' };

const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32) };
const serialNumber = '0000051a00000005';

const lastFrame = 0x80;
const tooLongFrame = (place: number): Uint8Array => new Uint8Array(513).fill(lastFrame | place, 0, 1);
const tooLongMessage = (place: number): Uint8Array[] =>
  Array.from({ length: 5 }, (_, index) => new Uint8Array(500).fill(place + index, 0, 1));

const test = base
  .extend('world', { scope: 'file' }, () => makeFaultWorld())
  .extend('vendor', { scope: 'file' }, async ({}, { onCleanup }) => {
    const { vendor, dispose } = await makeVendor();
    onCleanup(dispose);
    return vendor;
  })
  .extend('runPlan', ({ world }) => async (at: FaultPlan['at'], exchange: string, seed = 1) => {
    const plan = { exchange: exchangeCalled(exchange), frameSize: 100, at };
    const { outcome, committed, frames, broken } = await runFault(world, plan, seed);
    expect(broken, `frame ${seed}`).toEqual([]);
    return { code: outcome, committed, frames };
  })
  /** The fault at each frame of an exchange in turn; `from`: at that one and at all that follow. */
  .extend(
    'atEachFrame',
    ({ runPlan }) =>
      async (
        events: readonly FrameEvent[],
        { exchange = 'unlock', from = false }: { readonly exchange?: string; readonly from?: boolean } = {},
      ): Promise<End[]> => {
        const ends: End[] = [];
        const { frames } = await runPlan(() => deliver, exchange);
        for (const event of events) {
          for (let place = 0; place < frames; place += 1) {
            const at: FaultPlan['at'] = (_direction, frame) =>
              frame === place || (from && frame > place) ? event : deliver;
            ends.push(await runPlan(at, exchange, place));
          }
        }
        return ends;
      },
  )
  /** A bench of its own, and how to open its lock. */
  .extend('openBench', ({ vendor }, { onCleanup }) => {
    const benches: LockBench[] = [];
    onCleanup(async () => {
      for (const bench of benches) await bench.dispose();
    });
    return async (fault?: () => LinkFault) => {
      // Wide enough for a frame that is too long to arrive.
      const bench = await createLockBench(vendor, { maxFrame: 600, frameSize: 244 });
      benches.push(bench);
      const lock = await bench.makeLock(serialNumber, { provisioned: true });
      if (fault) bench.radio.add(withFault(lock, fault));
      const unlock = async (credentials: LockCredentials): Promise<End> => {
        let committed = false;
        bench.radio.hear(lock);
        const limits: LockOperation = { deadlineMs: 10_000, onCommitted: () => (committed = true) };
        const answer = await bench.driver.unlock(serialNumber, credentials, command, limits);
        return { code: codeOf(answer), committed };
      };
      return { bench, lock, unlock };
    };
  })
  /** In place of a lock's message 2, and of its answer to the command: frames that no lock may send. */
  .extend(
    'oversized',
    ({ openBench }) =>
      (frames: readonly Uint8Array[]): Promise<End[]> =>
        Promise.all(
          [0, 1].map(async (place) => {
            const { bench, lock, unlock } = await openBench(() => ({
              toKiosk: (frame, index, send) => {
                for (const sent of index === place ? frames : [frame]) send(sent);
              },
            }));
            return unlock(await bench.credentials(lock));
          }),
        ),
  )
  .extend(
    'faults',
    ({
      vendor,
      runPlan,
      atEachFrame,
      openBench,
      oversized,
    }): Readonly<Record<string, () => Promise<End[]>>> => ({
      'the link ends': async () => [
        ...(await atEachFrame([{ fate: 'lose_before' }, { fate: 'lose_after' }])),
        await runPlan(() => ({ fate: 'lose_before' }), 'unlock'),
      ],
      'a frame is lost, and nothing follows; the lock falls silent': () =>
        atEachFrame([{ fate: 'vanish' }], { from: true }),
      'a frame is lost, repeated, overtaken, or has a wrong header': () =>
        atEachFrame([{ fate: 'vanish' }, { fate: 'double' }, { fate: 'overtaken' }, { fate: 'flip_header' }]),
      'a frame is changed or cut': () => atEachFrame([{ fate: 'flip' }, { fate: 'cut' }]),
      'a frame is longer than 512 bytes, a message than 2048': async () => [
        ...(await oversized([tooLongFrame(0)])),
        ...(await oversized([tooLongFrame(1)])),
        ...(await oversized(tooLongMessage(0))),
        ...(await oversized(tooLongMessage(1))),
      ],
      'an answer comes after the deadline': () => atEachFrame([{ fate: { lateMs: 12_000 } }], { from: true }),
      'the lock loses its power': () => atEachFrame([{ fate: 'deliver', powerLoss: true }]),
      'the dongle is pulled': () => atEachFrame([{ fate: 'vanish', pulledForMs: 2000 }]),
      'a bit of the answer to a plain `identify` is wrong': () =>
        atEachFrame([{ fate: 'flip' }], { exchange: 'plain identify' }),
      'a chain is expired, too early, foreign, another lock’s, …': async () => {
        const { bench, lock, unlock } = await openBench();
        const other = await bench.credentials(
          await bench.makeLock('0000051a00000006', { provisioned: true }),
        );
        const good = await bench.credentials(lock);
        const stranger = await vendor.addCustomer('stranger');
        const ends = [
          await unlock(await bench.credentials(lock, { lapsesIn: -1000 })),
          await unlock({ ...other, deviceCertificate: good.deviceCertificate }),
          await unlock(await bench.credentials(lock, { customer: stranger })),
        ];
        expect(ends.map(({ committed }) => committed)).toEqual([false, false, true]);
        return ends;
      },
      'the kiosk’s and the lock’s clock are set back': async () => {
        const { bench, lock, unlock } = await openBench();
        const lapsing = await bench.credentials(lock, { lapsesIn: 60_000 });
        await bench.clock.advance(120_000);
        expect(await unlock(await bench.credentials(lock, { startsIn: 0 }))).toMatchObject({ code: 'ok' });
        // For the kiosk the old intermediate is good again; the lock knows better.
        bench.clock.jump(-100_000);
        return [await unlock(lapsing)];
      },
    }),
  );

describe('the faults', () => {
  const rows = linkTable('## Faults').map(([fault = '', before = '', after = '']) => ({
    fault: fault.replaceAll("'", '’'),
    before: codesIn(before),
    after: codesIn(after),
  }));

  test('each have a test, and no test is without a row', ({ faults }) => {
    expect(rows.map(({ fault }) => fault).sort()).toEqual(Object.keys(faults).sort());
  });

  test.for(rows)('$fault', async ({ fault, before, after }, { faults }) => {
    const ends = (await faults[fault]?.()) ?? [];
    const seen = (wasCommitted: boolean): Set<string> =>
      new Set(ends.filter(({ committed }) => committed === wasCommitted).map(({ code }) => code));
    // What the air does too late to matter, or what is made good by connecting anew, is no fault of anyone's.
    const named = (codes: ReadonlySet<string>): string[] => [...codes].filter((code) => code !== 'ok').sort();
    if (after.length === 0) {
      expect(named(new Set(ends.map(({ code }) => code)))).toEqual([...before].sort());
      return;
    }
    expect(named(seen(false))).toEqual([...before].sort());
    expect(named(seen(true))).toEqual([...after].sort());
  });
});
