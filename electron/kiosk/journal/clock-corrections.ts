/**
 * What the journal says of its own times. When a signed time check finds that the kiosk's clock was wrong, events that were
 * recorded since the last check that found it right have wrong times: the journal gets an event that says by how much, and
 * enrolments that nobody else knows yet get their true times.
 */
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { timeOfEvent } from '#shared/models/event-time.ts';
import { epochMsSchema } from '#shared/models/primitives.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { readJson } from '#shared/models/json.ts';
import type { KioskData } from '../data/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Journal } from './journal.ts';

const noteKey = 'clock-checked';
/** As much as a check may be wrong itself, half a slow round trip; less says nothing. */
const toleranceMs = 2_000;

const noteSchema = z.strictObject({ sequence: z.int().min(0), at: epochMsSchema });

export interface ClockCorrections {
  /** A check has set the kiosk's clock by `byMs`: call it at once, before anything else is recorded. */
  checked(byMs: number): void;
  /** Resolves once all that follows from earlier checks is done. Never rejects. */
  settled(): Promise<void>;
}

export interface ClockCorrectionsOptions {
  readonly data: Pick<
    KioskData,
    'journalSequence' | 'accessEventsAfter' | 'readNote' | 'writeNote' | 'putEnrolment'
  >;
  readonly enrolments: () => readonly EnrolmentDocument[];
  readonly journal: Pick<Journal, 'plan' | 'recordPlanned'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

export const createClockCorrections = (options: ClockCorrectionsOptions): ClockCorrections => {
  const { data, enrolments, journal, clock, logger } = options;

  const found = async (sequence: number, at: number): Promise<void> => {
    const written = await data.writeNote(noteKey, JSON.stringify({ sequence, at }));
    if (!written.ok) logger.warn('time check not noted', { code: written.error.code });
  };

  /** A note of another version: as if nothing had been checked yet. */
  const lastFound = async (): Promise<{ sequence: number; at: number | null }> =>
    readJson(noteSchema, await data.readNote(noteKey)) ?? { sequence: 0, at: null };

  /** A journal that has lost its newest events with a damaged file gives their numbers again: those are not checked yet. */
  const forgetLost = async (lastAtStart: number): Promise<void> => {
    const { sequence, at } = await lastFound();
    if (at !== null && sequence > lastAtStart) await found(lastAtStart, at);
  };

  const correctEnrolments = async (correction: AccessEvent, afterSequence: number): Promise<void> => {
    const unsent = enrolments().filter(({ version, state }) => version === 0 && state === 'captured');
    if (unsent.length === 0) return;
    const captures = (await data.accessEventsAfter(afterSequence)).filter(
      ({ kind }) => kind === 'enrolment_captured',
    );
    for (const enrolment of unsent) {
      const event = captures.find(
        ({ serialNumber, at }) => serialNumber === enrolment.serialNumber && at === enrolment.capturedAt,
      );
      if (!event) continue;
      // Given up while the journal was read.
      if (!enrolments().some(({ operationId }) => operationId === enrolment.operationId)) continue;
      const { at } = timeOfEvent(event, [correction]);
      const stored = await data.putEnrolment({ ...enrolment, capturedAt: at, changedAt: at });
      if (!stored.ok) logger.warn('time of an enrolment not corrected', { code: stored.error.code });
    }
  };

  const correct = async (byMs: number, at: number): Promise<void> => {
    const { sequence: afterSequence, at: checkedAt } = await lastFound();
    if (data.journalSequence === afterSequence) return found(afterSequence, at);
    const correction = { afterSequence, checkedAt, byMs: Math.round(byMs) };
    const recorded = await journal.recordPlanned(journal.plan({ kind: 'clock_corrected', correction }));
    if (!recorded.ok || recorded.value === null) return;
    logger.info('clock corrected', { byMs: correction.byMs, afterSequence });
    await correctEnrolments(recorded.value, afterSequence);
    await found(recorded.value.sequence, at);
  };

  const threw = (error: unknown): void => {
    logger.error('clock correction threw', describeThrown(error));
  };
  const queue = createQueue();
  const inTurn = (work: () => Promise<void>): void => void queue.add(work).catch(threw);
  inTurn(() => forgetLost(data.journalSequence));

  return {
    checked: (byMs) => {
      const { journalSequence } = data;
      const at = clock.now();
      inTurn(() => (Math.abs(byMs) <= toleranceMs ? found(journalSequence, at) : correct(byMs, at)));
    },
    settled: () => queue.idle(),
  };
};
