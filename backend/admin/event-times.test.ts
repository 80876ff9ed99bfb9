import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { accessEvent } from '#support/documents.ts';
import { timesOf } from './event-times.ts';

const kioskId = randomUUID();
const [firstRun, secondRun] = [randomUUID(), randomUUID()];

const eventAt = (sequence: number, part: Partial<AccessEvent> = {}): AccessEvent =>
  accessEvent({ kioskId, sequence, kind: 'signed_in', ...part });
const correction = (run: string): AccessEvent =>
  eventAt(8, {
    kind: 'clock_corrected',
    at: 9_000_000,
    clock: { run, uptimeMs: 5_000, machine: 1_004_000 },
    correction: { afterSequence: 2, checkedAt: 8_000_000, byMs: 7_996_000 },
  });
const told = (run: string, sequence = 5): AccessEvent =>
  eventAt(sequence, { clock: { run, uptimeMs: 1_000, machine: 1_000_000 } });

test("a kiosk's correction gives its own events their times, and no other's", () => {
  const times = timesOf([{ body: correction(firstRun), receivedAt: 50, verdict: 'chained' }]);
  expect(times({ body: told(firstRun), receivedAt: 40 })).toEqual({ at: 8_996_000, basis: 'corrected' });
  const other = { ...told(firstRun), kioskId: randomUUID() };
  expect(times({ body: other, receivedAt: 40 })).toEqual({ at: 1_000_000, basis: 'recorded' });
});

test('a journal that began again is another journal: its corrections say nothing of the one before', () => {
  const restart = { body: eventAt(1), receivedAt: 60, verdict: 'restart' };
  const times = timesOf([restart, { body: correction(secondRun), receivedAt: 60, verdict: 'chained' }]);
  expect(times({ body: told(firstRun), receivedAt: 40 }).basis).toBe('recorded');
  expect(times({ body: told(secondRun), receivedAt: 60 })).toEqual({ at: 8_996_000, basis: 'corrected' });
});
