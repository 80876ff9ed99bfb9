/** When access events really happened, as far as their kiosks have found out since (`shared/models/event-time.ts`). */
import { sql } from 'kysely';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { timeOfEvent, type EventTime } from '#shared/models/event-time.ts';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';

export interface ReceivedEvent {
  readonly body: AccessEvent;
  readonly receivedAt: number;
}

interface Mark extends ReceivedEvent {
  readonly verdict: string;
}

type Timed = (event: ReceivedEvent) => EventTime;

/** Reads what the kiosks of these events have said of their clocks since, and answers with a function for each of them. */
export const readEventTimes = async (
  db: Db,
  { tenantId, storeId }: StoreKey,
  events: readonly ReceivedEvent[],
): Promise<Timed> => {
  if (events.length === 0) return ({ body }) => timeOfEvent(body, []);
  const kiosks = [...new Set(events.map(({ body }) => body.kioskId))];
  const oldest = Math.min(...events.map(({ receivedAt }) => receivedAt));
  const { rows } = await sql<Mark>`
    SELECT body, verdict, received_at AS "receivedAt" FROM access_events
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId}
      AND (body->>'kind' = 'clock_corrected' OR verdict = 'restart')
      AND kiosk_id = ANY(${kiosks}::uuid[]) AND received_at >= ${oldest}`.execute(db);
  return timesOf(rows);
};

/** Pure, so that it can be tested without a database. `marks`: corrections, and events that began a journal again. */
export const timesOf = (marks: readonly Mark[]): Timed => {
  const isNotAfter = (a: ReceivedEvent, b: ReceivedEvent): boolean =>
    a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.body.sequence <= b.body.sequence);
  /** A kiosk that lost its data counts from 1 again: a number says something within its own journal only. */
  const journalOf = (event: ReceivedEvent): string => {
    const before = marks.filter(
      (mark) =>
        mark.verdict === 'restart' && mark.body.kioskId === event.body.kioskId && isNotAfter(mark, event),
    );
    return `${event.body.kioskId} ${before.length}`;
  };
  const corrections = new Map<string, AccessEvent[]>();
  for (const mark of marks) {
    if (mark.body.kind !== 'clock_corrected') continue;
    const journal = journalOf(mark);
    corrections.set(journal, [...(corrections.get(journal) ?? []), mark.body]);
  }
  return (event) => timeOfEvent(event.body, corrections.get(journalOf(event)) ?? []);
};
