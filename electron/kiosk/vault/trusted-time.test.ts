import fc from 'fast-check';
import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { FakeData } from '#support/fake-data.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createTrustedTime, type TrustedTime } from './trusted-time.ts';

const hour = 3_600_000;
const day = 24 * hour;

const open = (clock: ManualClock, notes = new FakeData()): Promise<TrustedTime> =>
  createTrustedTime({ clock, notes, logger: silentLogger });

describe('trusted time', () => {
  test('corrects a wrong clock by what the backend signed', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 8 * day, timeChecks: 1 });
    expect(time.clock.now()).toBe(clock.now() - 8 * day);
    expect(await firstValueFrom(time.lastContactAt$)).toBe(clock.now() - 8 * day);
  });

  test('a clock turned back while running changes nothing, and is noticed', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    const before = time.clock.now();
    clock.jump(-10 * day);
    await clock.advance(hour);
    expect(time.clock.now()).toBe(before + hour);
    expect(time.rolledBack()).toBe(true);
  });

  test('a clock turned back between two runs does not prolong anything', async () => {
    const clock = new ManualClock();
    const notes = new FakeData();
    const first = await open(clock, notes);
    first.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    await clock.advance(5 * hour);
    const before = first.clock.now();
    await first.dispose();
    clock.jump(-3 * day);
    const second = await open(clock, notes);
    expect(second.clock.now()).toBeGreaterThanOrEqual(before);
    expect(second.rolledBack()).toBe(true);
    expect(await firstValueFrom(second.lastContactAt$)).toBe(before - 5 * hour);
  });

  test('a clock turned ahead counts until the next signed time, which sets it back', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    const before = time.clock.now();
    clock.jump(8 * day);
    expect(time.clock.now()).toBe(before + 8 * day);
    clock.jump(-8 * day);
    expect(time.clock.now()).toBe(before + 8 * day);
    time.contact({ lastContactAt: clock.now(), skewMs: 5, timeChecks: 2 });
    expect(time.clock.now()).toBe(before - 5);
    expect(time.rolledBack()).toBe(false);
  });

  test('a signed time that measures the same as the one before still sets it back', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    clock.jump(8 * day);
    expect(time.clock.now()).toBe(clock.now());
    clock.jump(-8 * day);
    time.contact({ lastContactAt: clock.now() + 1, skewMs: 0, timeChecks: 1 });
    expect(time.clock.now()).toBe(clock.now() + 8 * day);
    time.contact({ lastContactAt: clock.now() + 2, skewMs: 0, timeChecks: 2 });
    expect(time.clock.now()).toBe(clock.now());
  });

  test('without a signed time it never goes back, whatever is done to the clock', async () => {
    const moves = fc.array(
      fc.oneof(
        fc.record({ jump: fc.integer({ min: -30 * day, max: 30 * day }) }),
        fc.record({ pass: fc.integer({ min: 0, max: 2 * hour }) }),
        fc.constant({ restart: true }),
      ),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        const clock = new ManualClock();
        const notes = new FakeData();
        let time = await open(clock, notes);
        time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
        let last = time.clock.now();
        for (const move of list) {
          if ('jump' in move) clock.jump(move.jump);
          if ('pass' in move) await clock.advance(move.pass);
          if ('restart' in move) {
            await time.dispose();
            time = await open(clock, notes);
          }
          const now = time.clock.now();
          expect(now).toBeGreaterThanOrEqual(last);
          if ('pass' in move) expect(now - last).toBeGreaterThanOrEqual(move.pass - 1);
          last = now;
        }
        await time.dispose();
      }),
      { numRuns: 40 },
    );
  });

  test('a contact that a wrong clock noted is no later than the check that put it right, over restarts too', async () => {
    const clock = new ManualClock();
    const notes = new FakeData();
    const first = await open(clock, notes);
    first.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    clock.jump(365 * day);
    // A round that was under way ends, and is noted by the wrong clock; the next one only checks the time.
    const contactAt = clock.now();
    first.contact({ lastContactAt: contactAt, skewMs: 0, timeChecks: 1 });
    clock.jump(-365 * day);
    first.contact({ lastContactAt: contactAt, skewMs: 0, timeChecks: 2 });
    const truth = first.clock.now();
    expect(await firstValueFrom(first.lastContactAt$)).toBeLessThanOrEqual(truth);
    await first.dispose();
    for (let restart = 0; restart < 5; restart += 1) {
      clock.jump(3 * day);
      const again = await open(clock, notes);
      // What replication has stored, by the machine's clock of then.
      again.contact({ lastContactAt: contactAt, skewMs: null, timeChecks: 0 });
      expect(await firstValueFrom(again.lastContactAt$)).toBeLessThanOrEqual(truth);
      await again.dispose();
    }
  });

  test('the first check counts where replication begins anew for another identity', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    const truth = clock.now();
    time.contact({ lastContactAt: null, skewMs: null, timeChecks: 0 });
    clock.jump(8 * day);
    time.contact({ lastContactAt: null, skewMs: 8 * day, timeChecks: 1 });
    expect(time.clock.now()).toBe(truth);
  });

  test('the error of one boot is not taken off the clock of the next', async () => {
    const clock = new ManualClock();
    const notes = new FakeData();
    clock.jump(-20_000 * day);
    const first = await open(clock, notes);
    first.contact({ lastContactAt: clock.now(), skewMs: -20_000 * day, timeChecks: 1 });
    const truth = first.clock.now();
    await first.dispose();
    clock.jump(20_000 * day);
    clock.reboot(hour);
    const second = await open(clock, notes);
    expect(second.clock.now()).toBe(truth + hour);
    expect(second.rolledBack()).toBe(false);
    await second.dispose();
  });

  test('the error is known over restarts of the kiosk alone, while nobody sets the clock', async () => {
    const clock = new ManualClock();
    const notes = new FakeData();
    const first = await open(clock, notes);
    first.contact({ lastContactAt: clock.now(), skewMs: 8 * day, timeChecks: 1 });
    await first.dispose();
    clock.sleep(hour);
    const second = await open(clock, notes);
    expect(second.clock.now()).toBe(clock.now() - 8 * day);
    await second.dispose();
    clock.jump(-8 * day);
    const third = await open(clock, notes);
    expect(third.clock.now()).toBe(clock.now());
    await third.dispose();
  });

  test('a contact that a clock behind has noted takes none back', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    const truth = clock.now();
    clock.jump(-30 * day);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    expect(await firstValueFrom(time.lastContactAt$)).toBe(truth);
  });

  test('a contact that a clock ahead has noted prolongs nothing after the machine was started anew', async () => {
    const clock = new ManualClock();
    const notes = new FakeData();
    clock.jump(3 * day);
    const first = await open(clock, notes);
    const contactAt = clock.now();
    first.contact({ lastContactAt: contactAt, skewMs: 3 * day, timeChecks: 1 });
    const truth = first.clock.now();
    await first.dispose();
    clock.jump(-3 * day);
    clock.reboot(4 * day);
    const second = await open(clock, notes);
    second.contact({ lastContactAt: contactAt, skewMs: null, timeChecks: 0 });
    expect(await firstValueFrom(second.lastContactAt$)).toBe(truth);
    await second.dispose();
  });

  test('sleep counts, also where the clock was turned back in it', async () => {
    const clock = new ManualClock();
    const time = await open(clock);
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    const before = time.clock.now();
    clock.sleep(5 * day);
    clock.jump(-5 * day);
    expect(time.clock.now()).toBe(before + 5 * day);
  });

  test('a write that throws keeps no later one from the disk', async () => {
    const clock = new ManualClock();
    const notes = new FakeData();
    let throws = true;
    const failing = {
      readNote: (key: string) => notes.readNote(key),
      writeNote: (key: string, text: string) =>
        throws ? Promise.reject(new Error('no disk')) : notes.writeNote(key, text),
    };
    const time = await createTrustedTime({ clock, notes: failing, logger: silentLogger });
    await Promise.resolve();
    throws = false;
    time.contact({ lastContactAt: clock.now(), skewMs: 0, timeChecks: 1 });
    await time.dispose();
    expect(notes.notes.has('trusted-time')).toBe(true);
  });

  test('a note that cannot be read counts as no contact', async () => {
    const notes = new FakeData();
    notes.notes.set('trusted-time', '{"highest":-1}');
    const time = await open(new ManualClock(), notes);
    expect(await firstValueFrom(time.lastContactAt$)).toBeNull();
  });
});
