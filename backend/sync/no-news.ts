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
  /** Whether something has come after that version. */
  readonly is_news: boolean;
  /** Whether the store has a badge key: one that has none is given it by the pull. */
  readonly has_key: boolean;
}
interface Claim extends KioskOfStore {
  readonly journal: string;
}

export type NoNews = (
  collection: PulledCollection,
  kiosk: KioskOfStore,
  query: PullQuery,
) => Promise<PullAnswer | null>;

/** Answers a pull that brings nothing; null where it may bring something, or has something else to say. */
export const createNoNews = ({ db, tenantId }: { readonly db: Db; readonly tenantId: string }): NoNews => {
  const ask = (collection: PulledCollection) =>
    createGathering(
      (questions: readonly Question[]) => newsOf(db, tenantId, collection, questions),
      mostAtOnce,
    );
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
    if (!found || found.is_news || !found.has_key || !isHeld) return null;
    const point = found.tag === null ? null : writePoint(found.sequence, found.tag);
    // Another point may be one of the past: that is looked up by the pull.
    if (seen !== undefined && seen !== point) return null;
    return {
      documents: [],
      checkpoint: Math.min(after, found.sequence),
      remaining: 0,
      ...(collection === 'store' ? { sealsPins: true as const } : {}),
      ...(point === null ? {} : { point }),
    };
  };
};

const newsOf = async (
  db: Db,
  tenantId: string,
  collection: PulledCollection,
  questions: readonly Question[],
): Promise<(News | undefined)[]> => {
  const { table, condition } = sourceOf[collection];
  const { rows } = await sql<News & { n: number }>`
    SELECT asked.n, stores.sequence, store_history.tag, stores.badge_key IS NOT NULL AS has_key, EXISTS (
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
