/** The access events of a store, or of one of its places, received last first. */
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';
import type { eventsAnswerSchema } from './answers.ts';
import type { EventsQuery } from './contract.ts';
import { readEventTimes } from './event-times.ts';
import { happenedIn, hasPlace } from './places.ts';

/** A page of them. Null where `placeId` is none of the store's. */
export const listEvents = async (
  db: Db,
  { tenantId, storeId }: StoreKey,
  { limit, before, beforeEvent, placeId }: EventsQuery,
): Promise<z.input<typeof eventsAnswerSchema> | null> => {
  if (placeId !== undefined && !(await hasPlace(db, { tenantId, storeId }, placeId))) return null;
  let query = db
    .selectFrom('access_events')
    .select(['body', 'verdict', 'received_at as receivedAt'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId);
  if (before !== undefined) query = query.where('received_at', '<', before);
  if (placeId !== undefined) query = query.where(happenedIn(placeId));
  if (beforeEvent !== undefined) {
    query = query.where(
      sql<boolean>`(received_at, sequence, event_id) < (
        SELECT received_at, sequence, event_id FROM access_events
        WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND event_id = ${beforeEvent})`,
    );
  }
  const rows = await query
    .orderBy('received_at', 'desc')
    .orderBy('sequence', 'desc')
    .orderBy('event_id', 'desc')
    .limit(limit)
    .execute();
  const times = await readEventTimes(db, { tenantId, storeId }, rows);
  return {
    events: rows.map(({ body, verdict, receivedAt }) => ({
      ...body,
      verdict,
      receivedAt,
      time: times({ body, receivedAt }),
    })),
  };
};
