import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeOfEvent, type EventTime } from '#shared/models/event-time.ts';
import { accessEventSchema } from '#shared/models/access-event.ts';
import { FakeData } from '#support/fake-data.ts';
import { enrolmentRow, ids, serial } from '#support/kiosk-rows.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createTrustedTime } from '../vault/trusted-time.ts';
import { createClockCorrections } from './clock-corrections.ts';
import { createJournal } from './journal.ts';

const hour = 3_600_000;
const begin = Date.UTC(2026, 0, 5, 9);
const random = seededRandom(11);
const logger = silentLogger;

/** A kiosk whose machine has a clock that can be set; the world's own time goes on whatever it says. */
const world = () => {
  const data = new FakeData();
  let truth = begin;
  let offMs = 0;
  let checks = 0;
  const truths = new Map<string, number>();

  const boot = async (offByMs = offMs) => {
    offMs = offByMs;
    const machine = new ManualClock(truth + offMs);
    const time = await createTrustedTime({ clock: machine, notes: data, logger });
    const { clock } = time;
    const journal = createJournal({
      data,
      clock,
      machineClock: machine,
      random,
      logger,
      kioskId: () => ids.kiosk,
      offline: () => true,
    });
    const enrolments = () => data.enrolments$.value;
    const corrections = createClockCorrections({ data, enrolments, journal, clock, logger });
    return {
      clock,
      set: (ms: number) => {
        offMs += ms;
        machine.jump(ms);
      },
      pass: async (ms: number) => {
        truth += ms;
        await machine.advance(ms);
      },
      record: async (kind: 'unlocked' | 'enrolment_captured' = 'unlocked') => {
        const recorded = await journal.record({ kind, serialNumber: serial });
        if (!recorded.ok || !recorded.value) throw new Error('not recorded');
        truths.set(recorded.value.eventId, truth);
        return recorded.value;
      },
      check: async () => {
        checks += 1;
        const setBy = time.contact({ lastContactAt: machine.now(), skewMs: offMs, timeChecks: checks });
        if (setBy !== null) corrections.checked(setBy);
        await corrections.settled();
      },
      stop: async () => {
        await journal.dispose();
        await time.dispose();
      },
    };
  };
  const corrected = () => data.events.filter(({ kind }) => kind === 'clock_corrected');
  /** How far from the truth each event is taken to be, in ms, and on what basis. */
  const judged = (): (Pick<EventTime, 'basis'> & { offMs: number })[] =>
    data.events
      .filter(({ kind }) => kind !== 'clock_corrected')
      .map((event) => {
        const { at, basis } = timeOfEvent(event, corrected());
        return { basis, offMs: at - (truths.get(event.eventId) ?? NaN) };
      });
  return { data, boot, corrected, judged, now: () => truth, away: (ms: number) => (truth += ms) };
};

test('a clock that is right leaves no mark in the journal', async () => {
  const { boot, data, corrected } = world();
  const kiosk = await boot();
  for (let round = 0; round < 3; round += 1) {
    await kiosk.record();
    await kiosk.pass(hour);
    await kiosk.check();
  }
  expect(corrected()).toEqual([]);
  expect(data.events).toHaveLength(3);
});

test.each([5 * hour, -5 * hour])('events from before the first check, clock off by %d ms', async (offMs) => {
  const { boot, data, corrected, judged } = world();
  const kiosk = await boot(offMs);
  const first = await kiosk.record();
  await kiosk.pass(2 * hour);
  await kiosk.record();
  await kiosk.pass(hour);
  await kiosk.check();
  await kiosk.record();
  expect(corrected()).toHaveLength(1);
  expect(accessEventSchema.parse(corrected()[0])).toMatchObject({
    at: kiosk.clock.now(),
    // What has to be added to what the clock said.
    correction: { afterSequence: 0, checkedAt: null, byMs: -offMs },
  });
  expect(data.events[0]).toEqual(first);
  expect(judged()).toEqual([
    { basis: 'corrected', offMs: 0 },
    { basis: 'corrected', offMs: 0 },
    { basis: 'recorded', offMs: 0 },
  ]);
});

test('events whose numbers are given again after a damaged file are as unchecked as any other', async () => {
  const { boot, data, corrected, judged } = world();
  const first = await boot();
  for (let count = 0; count < 4; count += 1) await first.record();
  await first.check();
  await first.stop();
  data.events.length = 1;
  // Nobody tells the second run that its clock is wrong: by its end the numbers have grown past the check.
  const second = await boot(5 * hour);
  for (let count = 0; count < 4; count += 1) await second.record();
  await second.stop();
  const third = await boot();
  await third.record();
  await third.check();
  expect(corrected()[0]?.correction).toMatchObject({ afterSequence: 1 });
  expect(judged().map(({ basis }) => basis)).toEqual([
    'recorded',
    ...Array.from({ length: 4 }, () => 'estimated'),
    'corrected',
  ]);
});

test.each([5 * hour, -5 * hour])(
  'set by %d ms while it was off, and off again before the truth',
  async (ms) => {
    const { boot, judged, away } = world();
    const first = await boot();
    await first.record();
    await first.check();
    await first.stop();
    away(10 * hour);
    const second = await boot(ms);
    await second.pass(hour);
    await second.record();
    await second.stop();
    away(10 * hour);
    const third = await boot();
    await third.record();
    await third.pass(hour);
    await third.check();
    expect(judged()).toEqual([
      { basis: 'recorded', offMs: 0 },
      { basis: 'estimated', offMs: 0 },
      { basis: 'corrected', offMs: 0 },
    ]);
  },
);

test('whatever is done to the clock in one run, the next check puts every event of it right', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ set: fc.integer({ min: -12 * hour, max: 12 * hour }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 3 * hour }) }),
      fc.constantFrom({ record: true }, { check: true }),
    ),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const { boot, judged } = world();
      const kiosk = await boot();
      for (const step of list) {
        if ('set' in step) kiosk.set(step.set);
        if ('pass' in step) await kiosk.pass(step.pass);
        if ('record' in step) await kiosk.record();
        if ('check' in step) await kiosk.check();
      }
      await kiosk.check();
      // A check that finds less than two seconds amiss leaves the events as they are.
      for (const { offMs } of judged()) expect(Math.abs(offMs)).toBeLessThanOrEqual(2_000);
      await kiosk.stop();
    }),
    { numRuns: 60 },
  );
});

test('an enrolment that nobody else knows yet gets its true time; one that the backend knows is left alone', async () => {
  const { boot, data, now } = world();
  const kiosk = await boot(5 * hour);
  const capturedTrulyAt = now();
  const { at } = await kiosk.record('enrolment_captured');
  const times = { capturedAt: at, changedAt: at };
  await data.putEnrolment(enrolmentRow({ state: 'captured', version: 0, ...times }));
  const known = enrolmentRow({ enrolmentId: ids.operation, state: 'submitted', version: 7, ...times });
  await data.putEnrolment(known);
  await kiosk.pass(hour);
  await kiosk.check();
  const [here, there] = [...data.enrolments$.value].sort((a, b) => a.version - b.version);
  expect(here).toMatchObject({ capturedAt: capturedTrulyAt, changedAt: capturedTrulyAt });
  expect(there).toEqual(known);
});

test('a full disk: the correction waits with the events before it, and the chain says it once', async () => {
  const { boot, data, corrected, judged } = world();
  const kiosk = await boot(5 * hour);
  await kiosk.record();
  data.diskFull = true;
  await kiosk.pass(hour);
  await kiosk.check();
  data.diskFull = false;
  await kiosk.pass(hour);
  expect(corrected()).toHaveLength(1);
  await kiosk.check();
  expect(corrected()).toHaveLength(1);
  expect(judged()).toEqual([{ basis: 'corrected', offMs: 0 }]);
});

test('a correction undoes nothing that was done to an enrolment while the journal was read', async () => {
  const { data, boot } = world();
  const kiosk = await boot(5 * hour);
  const event = await kiosk.record('enrolment_captured');
  const captured = enrolmentRow({ state: 'captured', capturedAt: event.at, changedAt: event.at, version: 0 });
  await data.putEnrolment(captured);
  const read = data.accessEventsAfter.bind(data);
  data.accessEventsAfter = async (sequence) => {
    await data.putEnrolment({ ...captured, state: 'abandoned', operationId: ids.bob });
    return read(sequence);
  };
  await kiosk.check();
  expect(data.enrolments$.value).toMatchObject([{ state: 'abandoned', operationId: ids.bob }]);
  await kiosk.stop();
});
