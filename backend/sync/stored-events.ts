/** What of pushed access events is there already, in one statement. */
import { sql } from 'kysely';
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

type Row =
  | {
      readonly kind: 'same';
      readonly event_id: string;
      readonly kiosk_id: string;
      readonly body: AccessEvent;
    }
  | ({ readonly kind: 'place' } & StoredEvent);

/** What is stored of these events, and what is stored at their places and the places before, anchors among them. */
export const storedEvents = async (
  tx: Tx,
  { tenantId, storeId, kioskId }: JournalScope,
  events: readonly AccessEvent[],
): Promise<StoredEvents> => {
  const places = [...new Set(events.flatMap((event) => [event.sequence - 1, event.sequence]))];
  const ids = events.map((event) => event.eventId);
  const inStore = sql`tenant_id = ${tenantId} AND store_id = ${storeId}`;
  const atPlaces = sql`kiosk_id = ${kioskId} AND sequence = ANY(${places}::bigint[])`;
  const { rows } = await sql<Row>`
    SELECT 'same' AS kind, event_id, kiosk_id, body, NULL::bigint AS sequence, NULL AS hash, NULL AS "previousHash"
      FROM access_events WHERE ${inStore} AND event_id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'place', NULL, NULL, NULL, sequence, hash, body->>'previousHash'
      FROM access_events WHERE ${inStore} AND ${atPlaces} AND verdict != 'mismatch'
    UNION ALL SELECT 'place', NULL, NULL, NULL, sequence, hash, NULL
      FROM journal_anchors WHERE ${inStore} AND ${atPlaces}`.execute(tx);

  const byId = new Map<string, AccessEvent>();
  const foreign = new Set<string>();
  const found = new Map<number, StoredEvent[]>();
  for (const row of rows) {
    if (row.kind === 'same') {
      if (row.kiosk_id === kioskId) byId.set(row.event_id, row.body);
      else foreign.add(row.event_id);
    } else {
      const { sequence, hash, previousHash } = row;
      found.set(sequence, [...(found.get(sequence) ?? []), { sequence, hash, previousHash }]);
    }
  }
  return { byId, foreign, places: found };
};
