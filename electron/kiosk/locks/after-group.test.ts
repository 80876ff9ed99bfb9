/** After a group was opened: each of its locks ends as one that was opened alone, and nobody has to wait for that. */
import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { untilStopped } from '#support/fake-driver.ts';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import { ids, lockRow } from '#support/kiosk-rows.ts';

const serialOf = (n: number): string => `0000051a000000${n.toString().padStart(2, '0')}`;
const serials = Array.from({ length: 6 }, (_, index) => serialOf(index + 1));
const [first, second] = [serialOf(1), serialOf(2)];
const going = new AbortController().signal;

/** Its hold-open time, and what a lock's clock may be behind. */
const untilDueMs = 5_700;
const status = (boltOpen: boolean) => ok({ provisioned: true, boltOpen, tamper: false, battery: 50 });

const benchOf = (): KioskBench => {
  const bench = createKioskBench();
  bench.data.pull({
    locks: serials.map((serialNumber) => lockRow(serialNumber)),
    keys: serials.map((serialNumber) => ({ serialNumber, sealed: `sealed ${serialNumber}`, version: 4 })),
  });
  for (const serialNumber of serials) bench.driver.hear(serialNumber);
  return bench;
};

const bolts = async (bench: KioskBench): Promise<readonly (string | null)[]> =>
  (await firstValueFrom(bench.group.run$))?.locks.map(({ bolt }) => bolt) ?? [];

const statusesOf = (bench: KioskBench): readonly string[] =>
  bench.driver.asked.filter((asked) => asked.startsWith('status'));

describe('after a group was opened', () => {
  test('each lock is asked once, one at a time, and is locked again when it has said so', async () => {
    const bench = benchOf();
    let asking = 0;
    let most = 0;
    bench.driver.onStatus = async () => {
      asking += 1;
      most = Math.max(most, asking);
      await new Promise<void>((resolve) => bench.clock.after(200, resolve));
      asking -= 1;
      return status(false);
    };
    await bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(untilDueMs - 100);
    expect(await bolts(bench)).toEqual(serials.map(() => 'open'));
    expect(statusesOf(bench)).toEqual([]);
    await bench.clock.advance(60_000);
    expect(await bolts(bench)).toEqual(serials.map(() => 'locked'));
    expect(statusesOf(bench)).toEqual(serials.map((serialNumber) => `status ${serialNumber}`));
    expect(most).toBe(1);
    expect(bench.slot.isFree()).toBe(true);
  });

  test('a lock that shows its bolt as open is asked as soon as it shows it as closed, others meanwhile', async () => {
    const bench = benchOf();
    await bench.group.unlock([first, second], ids.ann, going);
    await bench.clock.advance(untilDueMs - 100);
    bench.driver.hear(first, { boltOpen: true });
    await bench.clock.advance(1_000);
    expect(statusesOf(bench)).toEqual([`status ${second}`]);
    bench.driver.hear(first, { boltOpen: false });
    await bench.clock.advance(500);
    expect(statusesOf(bench)).toEqual([`status ${second}`, `status ${first}`]);
    expect(await bolts(bench)).toEqual(['locked', 'locked']);
  });

  test('what a lock shows is not believed for ever', async () => {
    const bench = benchOf();
    await bench.group.unlock([first], ids.ann, going);
    for (let second = 0; second < 20; second += 1) {
      bench.driver.hear(first, { boltOpen: true });
      await bench.clock.advance(1_000);
    }
    expect(await bolts(bench)).toEqual(['locked']);
  });

  test('one that says open is asked three times; one that cannot be asked is not known', async () => {
    const bench = benchOf();
    bench.driver.onStatus = (serialNumber) =>
      Promise.resolve(serialNumber === first ? status(true) : fail('lock.not_near', { serialNumber }));
    await bench.group.unlock([first, second], ids.ann, going);
    await bench.clock.advance(60_000);
    expect(await bolts(bench)).toEqual(['open', null]);
    expect(statusesOf(bench)).toHaveLength(6);
  });

  test('a person goes first, and the lock that had to wait is asked afterwards', async () => {
    const bench = benchOf();
    const answers = bench.driver.onStatus;
    bench.driver.onStatus = untilStopped;
    await bench.group.unlock([first], ids.ann, going);
    await bench.clock.advance(untilDueMs + 100);
    expect(bench.slot.isFree()).toBe(false);
    expect(await bench.unlocks.unlock(second, ids.ann, going)).toMatchObject({ value: { kind: 'open' } });
    bench.driver.onStatus = answers;
    await bench.clock.advance(10_000);
    expect(await bolts(bench)).toEqual(['locked']);
  });

  test('only locks that have opened are asked, and none once another run begins or the kiosk ends', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = (serialNumber) =>
      Promise.resolve(
        serialNumber === first ? fail('lock.refused', { serialNumber }) : ok({ holdOpenSeconds: 5 }),
      );
    await bench.group.unlock([first, second], ids.ann, going);
    await bench.clock.advance(2_000);
    await bench.group.unlock([first], ids.ann, going);
    await bench.clock.advance(60_000);
    expect(statusesOf(bench)).toEqual([]);
    bench.driver.hear(second);
    await bench.group.unlock([second], ids.ann, going);
    await bench.group.dispose();
    await bench.clock.advance(60_000);
    expect(statusesOf(bench)).toEqual([]);
  });

  test('a person who asks a lock whose end is not known is shown the answer there, too', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = (serialNumber, { onCommitted }) => {
      onCommitted?.();
      return Promise.resolve(fail('lock.outcome_unknown', { serialNumber }));
    };
    await bench.group.unlock([first, second], ids.ann, going);
    expect(await bolts(bench)).toEqual([null, null]);
    await bench.operations.ask(first, going);
    expect(await bolts(bench)).toEqual(['locked', null]);
  });
});
