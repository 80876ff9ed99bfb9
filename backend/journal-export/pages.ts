/** Access events a page at a time, in one pass, so that no journal is too long to be handed out. */
import { sql } from 'kysely';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Db } from '../store/database.ts';

export interface Wanted {
  readonly tenantId: string;
  readonly storeId: string;
  readonly kioskId?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

export interface HeldEvent {
  readonly body: AccessEvent;
  readonly receivedAt: number;
}

const pageSize = 500;

/** In the order in which they were received, without those whose own hash is wrong. */
export async function* receivedPages(db: Db, wanted: Wanted): AsyncGenerator<readonly HeldEvent[]> {
  const { tenantId, storeId, kioskId, from = 0, until = Number.MAX_SAFE_INTEGER } = wanted;
  let after: readonly [number, number, string] = [-1, 0, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await sql<HeldEvent & { sequence: number; eventId: string }>`
      SELECT body, received_at AS "receivedAt", sequence, event_id AS "eventId" FROM access_events
      WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND verdict <> 'mismatch'
        AND (received_at, sequence, event_id) > (${after[0]}, ${after[1]}, ${after[2]}::uuid)
        AND at >= ${from} AND at < ${until}
        AND (${kioskId ?? null}::uuid IS NULL OR kiosk_id = ${kioskId ?? null}::uuid)
      ORDER BY received_at, sequence, event_id LIMIT ${pageSize}`.execute(db);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = [last.receivedAt, last.sequence, last.eventId];
  }
}

/** A piece of one kiosk's chain: its ends, and which events it has. */
export interface ChainPiece {
  readonly first: number | null;
  readonly last: number | null;
  readonly events: number;
  readonly previousHash: string | null;
  readonly lastHash: string | null;
  /**
   * The ids of them all, in the order of the chain, 16 bytes each: what comes while it is handed out, into a gap too, is none of it,
   * whatever time it is at the instance that takes it in.
   */
  readonly eventIds: Buffer;
}

const idBytes = 16;

/**
 * From the first to the last event of that time, with all between them, of the journal that the kiosk has now: one that lost its data
 * began another.
 */
export const pieceOf = async (db: Db, wanted: Wanted & { readonly kioskId: string }): Promise<ChainPiece> => {
  const { tenantId, storeId, kioskId, from = 0, until = Number.MAX_SAFE_INTEGER } = wanted;
  const { rows } = await sql<Omit<ChainPiece, 'events'>>`
    WITH journal AS (
      SELECT coalesce(max(received_at), 0) AS since FROM access_events
      WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND kiosk_id = ${kioskId}::uuid AND verdict = 'restart'),
    held AS (
      SELECT sequence, event_id, hash, at, body, received_at FROM access_events, journal
      WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND kiosk_id = ${kioskId}::uuid
        AND verdict <> 'mismatch' AND received_at >= journal.since),
    ends AS (SELECT min(sequence) AS first, max(sequence) AS last FROM held WHERE at >= ${from} AND at < ${until})
    SELECT ends.first, ends.last,
      (SELECT coalesce(string_agg(uuid_send(event_id), ''::bytea ORDER BY sequence, event_id), ''::bytea)
        FROM held WHERE sequence BETWEEN ends.first AND ends.last) AS "eventIds",
      (SELECT body->>'previousHash' FROM held WHERE sequence = ends.first ORDER BY event_id LIMIT 1) AS "previousHash",
      (SELECT hash FROM held WHERE sequence = ends.last ORDER BY event_id DESC LIMIT 1) AS "lastHash"
    FROM ends`.execute(db);
  const [piece] = rows;
  if (!piece) throw new Error('an aggregate has answered with no row');
  return { ...piece, events: piece.eventIds.length / idBytes };
};

/** All of a piece, in the order of the chain. Throws where it is not what it was any more: a file that ends early is no file. */
export async function* chainPages(
  db: Db,
  { tenantId, storeId }: Wanted,
  { eventIds }: Pick<ChainPiece, 'eventIds'>,
): AsyncGenerator<readonly AccessEvent[]> {
  const pageBytes = pageSize * idBytes;
  for (let at = 0; at < eventIds.length; at += pageBytes) {
    const page = eventIds.subarray(at, at + pageBytes);
    const ids = Array.from({ length: page.length / idBytes }, (_, n) =>
      page.subarray(n * idBytes, (n + 1) * idBytes).toString('hex'),
    );
    const { rows } = await sql<{ body: AccessEvent }>`
      SELECT body FROM access_events
      WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND event_id = ANY(${ids}::uuid[])
      ORDER BY sequence, event_id`.execute(db);
    if (rows.length < ids.length)
      throw new Error('a journal was not what it was any more while it was handed out');
    yield rows.map(({ body }) => body);
  }
}
