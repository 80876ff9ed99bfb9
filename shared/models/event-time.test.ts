import { describe, expect, test } from 'vitest';
import type { AccessEvent } from './access-event.ts';
import { timeOfEvent } from './event-time.ts';

const hour = 3_600_000;
const noon = Date.UTC(2026, 4, 1, 12);
const runs = {
  first: '00000000-0000-4000-8000-000000000001',
  second: '00000000-0000-4000-8000-000000000002',
};

const eventAt = (sequence: number, part: Partial<AccessEvent>): AccessEvent => ({
  eventId: `10000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
  kioskId: '20000000-0000-4000-8000-000000000001',
  sequence,
  at: noon,
  kind: 'unlocked',
  staffId: null,
  serialNumber: null,
  attemptId: null,
  errorCode: null,
  offline: true,
  stageMs: {},
  previousHash: '0'.repeat(64),
  hash: '0'.repeat(64),
  ...part,
});

/** The truth was `noon` when `run` had lasted two hours; the machine's clock was `aheadMs` ahead. */
const correctionOf = (aheadMs: number, part: Partial<AccessEvent> = {}): AccessEvent =>
  eventAt(9, {
    kind: 'clock_corrected',
    clock: { run: runs.second, uptimeMs: 2 * hour, machine: noon + aheadMs },
    correction: { afterSequence: 3, checkedAt: noon - 48 * hour, byMs: -aheadMs },
    ...part,
  });

describe('the time of an event', () => {
  test('is what was recorded while nothing is known against it', () => {
    const clock = { run: runs.first, uptimeMs: 5, machine: noon };
    for (const sequence of [1, 3, 9, 10]) {
      const event = eventAt(sequence, { clock });
      expect(timeOfEvent(event, [correctionOf(hour)])).toEqual({ at: noon, basis: 'recorded' });
    }
    expect(timeOfEvent(eventAt(5, { clock }), [])).toEqual({ at: noon, basis: 'recorded' });
  });

  test.each([5 * hour, -5 * hour])(
    'is counted back by uptime in the same run, clock off by %d ms',
    (aheadMs) => {
      const clock = { run: runs.second, uptimeMs: hour / 2, machine: noon + aheadMs - 1.5 * hour };
      const event = eventAt(5, { at: clock.machine, clock });
      expect(timeOfEvent(event, [correctionOf(aheadMs)])).toEqual({
        at: noon - 1.5 * hour,
        basis: 'corrected',
      });
    },
  );

  test.each([5 * hour, -5 * hour])(
    "comes from the machine's clock after a reboot, off by %d ms",
    (aheadMs) => {
      const truth = noon - 20 * hour;
      const clock = { run: runs.first, uptimeMs: hour, machine: truth + aheadMs };
      const event = eventAt(5, { at: clock.machine, clock });
      expect(timeOfEvent(event, [correctionOf(aheadMs)])).toEqual({ at: truth, basis: 'estimated' });
    },
  );

  test('a clock that begins anew at each boot says nothing: what was recorded stands, within what is possible', () => {
    const factory = Date.UTC(2015, 0, 1);
    const event = (at: number) =>
      eventAt(5, { at, clock: { run: runs.first, uptimeMs: hour, machine: factory + hour } });
    const fromFactory = correctionOf(factory + 2 * hour - noon);
    const within = noon - 30 * hour;
    expect(timeOfEvent(event(within), [fromFactory])).toEqual({ at: within, basis: 'estimated' });
    // Not after the run began in which the truth was learned, and not before the last good check.
    expect(timeOfEvent(event(noon + hour), [fromFactory]).at).toBe(noon - 2 * hour);
    expect(timeOfEvent(event(noon - 90 * hour), [fromFactory]).at).toBe(noon - 48 * hour);
  });

  test('an event of a release that did not keep clocks is held within what is possible', () => {
    expect(timeOfEvent(eventAt(5, { at: noon + hour }), [correctionOf(hour)])).toEqual({
      at: noon - 2 * hour,
      basis: 'estimated',
    });
  });

  test('each correction speaks of its own events only', () => {
    const later = correctionOf(0, {
      sequence: 20,
      at: noon + 10 * hour,
      clock: { run: runs.second, uptimeMs: 12 * hour, machine: noon + 4 * hour },
      correction: { afterSequence: 9, checkedAt: noon, byMs: 6 * hour },
    });
    const clock = { run: runs.second, uptimeMs: 3 * hour, machine: noon - 5 * hour };
    const event = eventAt(12, { at: clock.machine, clock });
    expect(timeOfEvent(event, [correctionOf(hour), later])).toEqual({ at: noon + hour, basis: 'corrected' });
  });
});
