/**
 * Most pulls bring nothing: kiosks ask by the clock, and when they come back. Whether there is anything is found out for many of
 * them with one statement (`store/gathering.ts`), and only where there is, or where a kiosk remembers another history, the pull
 * itself is made (`pull.ts`).
 */
import { sql, type RawBuilder } from 'kysely';
import type { PullAnswer } from '#shared/http/contract.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { Db } from '../store/database.ts';
import { createGathering } from '../store/gathering.ts';
import { writePoint } from '../store/history.ts';
import { sourceOf, type PulledCollection, type PullQuery } from './pulled.ts';

const mostAtOnce = 100;

interface Question {
  readonly storeId: string;
  readonly after: number;
}
interface News {
  readonly sequence: number;
  readonly tag: string | null;
  /** The end of the server's log, in bytes; null where nobody wants to know. */
  readonly written: number | null;
  /** Whether something has come after that version. */
  readonly is_news: boolean;
  /** Whether the store has a badge key: one that has none is given it by the pull. */
  readonly has_key: boolean;
}
interface Claim extends KioskOfStore {
  readonly journal: string;
}

/** What was found at the primary of a pull that may bring something, or has something else to say. */
export interface Found {
  readonly sequence: number;
  /** Where the store stood; null where nothing has happened in it yet. */
  readonly point: string | null;
  readonly written: number | null;
  /** Whether the event that the kiosk remembers is held; true where it says nothing of one. */
  readonly isHeld: boolean;
}

export type LookForNews = (
  collection: PulledCollection,
  kiosk: KioskOfStore,
  query: PullQuery,
) => Promise<{ readonly nothing: PullAnswer } | { readonly found: Found | null }>;

/**
 * Answers a pull that brings nothing; else says what was found. `hasReplica`: pages may be read at a replica, so the end of the log is
 * asked for, too.
 */
export const createNoNews = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly hasReplica: boolean;
}): LookForNews => {
  const { db, tenantId } = ports;
  const ask = (collection: PulledCollection) =>
    createGathering((questions: readonly Question[]) => newsOf(ports, collection, questions), mostAtOnce);
  const news = {
    store: ask('store'),
    trust: ask('trust'),
    staff: ask('staff'),
    locks: ask('locks'),
    keyCertificates: ask('keyCertificates'),
    enrolments: ask('enrolments'),
  };
  const holds = createGathering((claims: readonly Claim[]) => holdsEvents(db, tenantId, claims), mostAtOnce);

  return async (collection, kiosk, { after, seen, journal }) => {
    const [found, isHeld] = await Promise.all([
      news[collection]({ storeId: kiosk.storeId, after }),
      journal === undefined || holds({ ...kiosk, journal }),
    ]);
    if (!found) return { found: null };
    const point = found.tag === null ? null : writePoint(found.sequence, found.tag);
    const { sequence, written } = found;
    if (
      found.is_news ||
      !found.has_key ||
      !isHeld ||
      // Another point may be one of the past: that is looked up by the pull.
      (seen !== undefined && seen !== point)
    )
      return { found: { sequence, point, written, isHeld } };
    return {
      nothing: {
        documents: [],
        checkpoint: Math.min(after, sequence),
        remaining: 0,
        ...(collection === 'store' ? { sealsPins: true as const } : {}),
        ...(point === null ? {} : { point }),
      },
    };
  };
};

/** What is on its disk: nothing else is sent to a replica. */
const writtenNow = sql`(pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint`;

const newsOf = async (
  { db, tenantId, hasReplica }: { readonly db: Db; readonly tenantId: string; readonly hasReplica: boolean },
  collection: PulledCollection,
  questions: readonly Question[],
): Promise<(News | undefined)[]> => {
  const { table, condition } = sourceOf[collection];
  const { rows } = await sql<News & { n: number }>`
    SELECT asked.n, stores.sequence, store_history.tag, ${hasReplica ? writtenNow : sql`NULL`} AS written, stores.badge_key IS NOT NULL AS has_key, EXISTS (
      SELECT FROM ${sql.table(table)} AS changed WHERE changed.tenant_id = ${tenantId}
        AND changed.store_id = asked.store_id AND changed.version > asked.after AND ${condition}) AS is_news
    FROM unnest(
        ${questions.map(({ storeId }) => storeId)}::uuid[], ${questions.map(({ after }) => after)}::bigint[])
      WITH ORDINALITY AS asked (store_id, after, n)
    JOIN stores ON stores.tenant_id = ${tenantId} AND stores.store_id = asked.store_id
    LEFT JOIN store_history ON store_history.tenant_id = ${tenantId}
      AND store_history.store_id = asked.store_id AND store_history.version = stores.sequence`.execute(db);
  return inOrder(questions, rows);
};

/** As `holdsEvent`, of many. */
const holdsEvents = async (db: Db, tenantId: string, claims: readonly Claim[]): Promise<boolean[]> => {
  const parts = claims.map(({ journal }) => journal.split('.'));
  const exists = (from: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`EXISTS (SELECT FROM ${from} WHERE held.tenant_id = ${tenantId} AND held.store_id = asked.store_id
      AND held.kiosk_id = asked.kiosk_id`;
  const { rows } = await sql<{ n: number; is_held: boolean }>`
    SELECT asked.n, (${exists(sql`access_events AS held`)}
        AND held.sequence = asked.sequence AND held.hash = asked.hash)
      OR ${exists(sql`journal_heads AS held`)} AND held.cut >= asked.sequence)) AS is_held
    FROM unnest(
        ${claims.map(({ storeId }) => storeId)}::uuid[], ${claims.map(({ kioskId }) => kioskId)}::uuid[],
        ${parts.map(([sequence]) => sequence)}::bigint[], ${parts.map(([, hash]) => hash)}::text[])
      WITH ORDINALITY AS asked (store_id, kiosk_id, sequence, hash, n)`.execute(db);
  return inOrder(claims, rows).map((row) => row?.is_held === true);
};

/** The row of each question, by its place from 1. */
const inOrder = <T extends { readonly n: number }>(
  questions: readonly unknown[],
  rows: readonly T[],
): (T | undefined)[] => {
  const byPlace = new Map(rows.map((row) => [row.n, row]));
  return questions.map((_question, at) => byPlace.get(at + 1));
};
