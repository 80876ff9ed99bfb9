/** What of pushed access events is there already, in one statement. */
import { sql } from 'kysely';
import { codeOf } from '#shared/errors/thrown.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import type { StoredEvent } from './journal-check.ts';
import type { JournalScope } from './journal-state.ts';

/** As the database writes it: a UUID may come in capitals. */
export const idOf = ({ eventId }: AccessEvent): string => eventId.toLowerCase();

interface StoredEvents {
  readonly byId: ReadonlyMap<string, AccessEvent>;
  /** Ids that another kiosk's events have: nothing of those is told. */
  readonly foreign: ReadonlySet<string>;
  readonly places: ReadonlyMap<number, readonly StoredEvent[]>;
}

interface SameRow {
  readonly kind: 'same';
  readonly event_id: string;
  readonly kiosk_id: string;
  readonly body: AccessEvent;
}
type Row =
  | SameRow
  | ({
      readonly kind: 'place';
      readonly event_id: string | null;
      readonly body: AccessEvent | null;
      readonly is_sound: boolean;
    } & StoredEvent);

/**
 * What is stored of these events, and what is stored at their places and the places before, anchors among them. An event that is
 * repeated is at its place. With `everywhere` they are looked for by their ids as well, for as much again: at another place, or as
 * another kiosk's, one can be only where somebody has given an id twice.
 */
export const storedEvents = async (
  tx: Tx,
  { tenantId, storeId, kioskId }: JournalScope,
  events: readonly AccessEvent[],
  everywhere: boolean,
): Promise<StoredEvents> => {
  const places = [...new Set(events.flatMap((event) => [event.sequence - 1, event.sequence]))];
  const ids = events.map((event) => event.eventId);
  const inStore = sql`tenant_id = ${tenantId} AND store_id = ${storeId}`;
  const atPlaces = sql`kiosk_id = ${kioskId} AND sequence = ANY(${places}::bigint[])`;
  const byIds = sql`
    UNION ALL SELECT 'same', event_id, kiosk_id, body, NULL, NULL, NULL, NULL
      FROM access_events WHERE ${inStore} AND event_id = ANY(${ids}::uuid[])`;
  const { rows } = await sql<Row>`
    SELECT 'place' AS kind, event_id, kiosk_id,
        CASE WHEN event_id = ANY(${ids}::uuid[]) THEN body END AS body,
        sequence, hash, body->>'previousHash' AS "previousHash", verdict != 'mismatch' AS is_sound
      FROM access_events WHERE ${inStore} AND ${atPlaces}
    UNION ALL SELECT 'place', NULL, NULL, NULL, sequence, hash, NULL, true
      FROM journal_anchors WHERE ${inStore} AND ${atPlaces} ${everywhere ? byIds : sql``}`.execute(tx);

  const byId = new Map<string, AccessEvent>();
  const foreign = new Set<string>();
  const found = new Map<number, StoredEvent[]>();
  for (const row of rows) {
    if (row.kind === 'same') {
      if (row.kiosk_id === kioskId) byId.set(row.event_id, row.body);
      else foreign.add(row.event_id);
      continue;
    }
    const { sequence, hash, previousHash } = row;
    if (row.event_id !== null && row.body !== null) byId.set(row.event_id, row.body);
    if (row.is_sound) found.set(sequence, [...(found.get(sequence) ?? []), { sequence, hash, previousHash }]);
  }
  return { byId, foreign, places: found };
};

/** PostgreSQL's own word that such an id is there. By which constraint is not asked: a shard of the table has one of another name. */
const uniqueViolation = '23505';
/** Thrown to begin anew with `everywhere`, where what was found at their places is not all there is to say of these events. */
class StoredElsewhere extends Error {}

/** Does `work` with what is at the events' places, and once more, from the beginning, where one of their ids is somewhere else. */
export const whereverStored = async <T>(
  work: (everywhere: boolean, requirePlaces: (isEnough: boolean) => void) => Promise<T>,
): Promise<T> => {
  try {
    return await work(false, (isEnough) => {
      if (!isEnough) throw new StoredElsewhere();
    });
  } catch (failure) {
    if (codeOf(failure) !== uniqueViolation && !(failure instanceof StoredElsewhere)) throw failure;
    return work(true, () => undefined);
  }
};
