import type { Migration } from './migration.ts';

/**
 * The time that the backend goes by where being wrong would cost what can't be had again (`retention/steady-clock.ts`). It begins
 * where the newest event was received, so that an update that meets a wrong clock does not begin with that, nor with what a clock
 * that was ahead once has left behind.
 */
export const steadyTime: Migration = {
  number: 19,
  name: 'steady time',
  sql: `
    CREATE TABLE steady_time (
      tenant_id uuid PRIMARY KEY,
      at bigint NOT NULL,
      doubted_ms bigint NOT NULL DEFAULT 0
    );
    INSERT INTO steady_time (tenant_id, at)
      SELECT stores.tenant_id, max(newest.received_at)
      FROM stores, LATERAL (
        SELECT received_at FROM access_events
        WHERE access_events.tenant_id = stores.tenant_id AND access_events.store_id = stores.store_id
          AND received_at <= (extract(epoch FROM now()) * 1000)::bigint
        ORDER BY received_at DESC LIMIT 1) AS newest
      GROUP BY stores.tenant_id;
  `,
};
