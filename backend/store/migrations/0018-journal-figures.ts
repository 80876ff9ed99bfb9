import type { Migration } from './migration.ts';

/**
 * What is known of a kiosk's journal without reading it, so that events can go and an operator's page need not count them:
 * figures and gaps, and for what was removed the cut (`cut_*`) and an anchor for each event that is there and follows one that
 * is not. `reached` is the highest sequence number that has come in any of its journals.
 */
export const journalFigures: Migration = {
  number: 18,
  name: 'journal figures',
  sql: `
    CREATE TABLE journal_gaps (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      from_sequence bigint NOT NULL,
      to_sequence bigint NOT NULL,
      PRIMARY KEY (tenant_id, store_id, kiosk_id, from_sequence)
    );
    CREATE TABLE journal_anchors (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      sequence bigint NOT NULL,
      hash text NOT NULL,
      PRIMARY KEY (tenant_id, store_id, kiosk_id, sequence, hash)
    );
    ALTER TABLE journal_heads
      ADD COLUMN cut bigint NOT NULL DEFAULT 0,
      ADD COLUMN cut_at bigint NOT NULL DEFAULT 0,
      ADD COLUMN cut_first text,
      ADD COLUMN restarted_at bigint,
      ADD COLUMN reached bigint NOT NULL DEFAULT 0,
      ADD COLUMN events bigint NOT NULL DEFAULT 0,
      ADD COLUMN gaps bigint NOT NULL DEFAULT 0,
      ADD COLUMN forks bigint NOT NULL DEFAULT 0,
      ADD COLUMN restarts bigint NOT NULL DEFAULT 0,
      ADD COLUMN mismatches bigint NOT NULL DEFAULT 0;

    INSERT INTO journal_gaps
      SELECT DISTINCT tenant_id, store_id, kiosk_id, previous + 1, sequence - 1 FROM (
        SELECT tenant_id, store_id, kiosk_id, sequence,
               lag(sequence, 1, 0::bigint) OVER (PARTITION BY tenant_id, store_id, kiosk_id ORDER BY sequence) AS previous
        FROM access_events WHERE verdict IN ('chained', 'gap', 'restart')) AS events
      WHERE previous < sequence - 1;
    UPDATE journal_heads SET
        events = found.events, forks = found.forks, restarts = found.restarts, mismatches = found.mismatches,
        reached = found.reached, restarted_at = found.restarted_at, gaps = (
          SELECT count(*) FROM journal_gaps WHERE journal_gaps.tenant_id = journal_heads.tenant_id
            AND journal_gaps.store_id = journal_heads.store_id AND journal_gaps.kiosk_id = journal_heads.kiosk_id)
      FROM (
        SELECT tenant_id, store_id, kiosk_id, count(*) AS events,
               count(*) FILTER (WHERE verdict = 'fork') AS forks,
               count(*) FILTER (WHERE verdict = 'restart') AS restarts,
               count(*) FILTER (WHERE verdict = 'mismatch') AS mismatches,
               coalesce(max(sequence) FILTER (WHERE verdict NOT IN ('fork', 'mismatch')), 0) AS reached,
               max(received_at) FILTER (WHERE verdict = 'restart') AS restarted_at
        FROM access_events GROUP BY tenant_id, store_id, kiosk_id) AS found
      WHERE found.tenant_id = journal_heads.tenant_id AND found.store_id = journal_heads.store_id
        AND found.kiosk_id = journal_heads.kiosk_id;

    -- An operator's pages, and what is to be removed: the oldest of a store.
    CREATE INDEX access_events_by_receipt ON access_events (tenant_id, store_id, received_at, sequence, event_id);
    CREATE INDEX operator_acts_by_time ON operator_acts (tenant_id, at);
  `,
};
