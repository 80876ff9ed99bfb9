/** A kiosk's row in `journal_heads`, with the gaps and anchors that belong to it. Whoever changes them holds the row. */
import { sql } from 'kysely';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { Tx } from '../store/database.ts';
import { emptyJournal, type JournalState, type JudgedJournal } from './journal-check.ts';
import { filledBy, fillGaps, type Gap } from './journal-gaps.ts';

export interface JournalScope extends KioskOfStore {
  readonly tenantId: string;
}

interface LockedJournal extends JournalState {
  readonly reached: number;
  /** As `store/steady-time.ts` keeps it; null where there is none yet. */
  readonly steadyAt: number | null;
  /** When the event was received that began it again; null where none did. */
  readonly restartedAt: number | null;
}

const whereOf = ({ tenantId, storeId, kioskId }: JournalScope) =>
  sql`tenant_id = ${tenantId} AND store_id = ${storeId} AND kiosk_id = ${kioskId}`;

/** Makes it where it is the kiosk's first. It is locked until the transaction ends: events are judged batch by batch. */
export const lockJournal = async (tx: Tx, scope: JournalScope): Promise<LockedJournal> => {
  const found = await lockedRow(tx, scope);
  if (found) return found;
  const { sequence, hash } = emptyJournal;
  await tx
    .insertInto('journal_heads')
    .values({ tenant_id: scope.tenantId, store_id: scope.storeId, kiosk_id: scope.kioskId, sequence, hash })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const made = await lockedRow(tx, scope);
  if (!made) throw new Error('a journal that is locked is there');
  return made;
};

const lockedRow = async (tx: Tx, scope: JournalScope): Promise<LockedJournal | undefined> => {
  const { rows } = await sql<LockedJournal>`
    SELECT sequence, hash, cut, cut_at AS "cutAt", cut_first AS "cutFirst", reached,
      restarted_at AS "restartedAt",
      (SELECT at FROM steady_time WHERE steady_time.tenant_id = ${scope.tenantId}) AS "steadyAt"
    FROM journal_heads WHERE ${whereOf(scope)} FOR UPDATE`.execute(tx);
  return rows[0];
};

/**
 * When these events are received, in ms: by the clock, `now`, but not before the steady time. Which of a kiosk's journals an event is of is
 * told by it, whatever the clocks of instances say: what begins one again comes after all that was received before, and nothing that
 * follows comes before that.
 */
export const receiptOf = async (
  tx: Tx,
  scope: JournalScope,
  { steadyAt, restartedAt }: LockedJournal,
  { judged }: JudgedJournal,
  now: number,
): Promise<number> => {
  const at = Math.max(now, steadyAt ?? 0, restartedAt ?? 0);
  if (!judged.some(({ verdict }) => verdict === 'restart')) return at;
  const { rows } = await sql<{ newest: number | null }>`
    SELECT max(received_at) AS newest FROM access_events WHERE ${whereOf(scope)}`.execute(tx);
  return Math.max(at, (rows[0]?.newest ?? 0) + 1);
};

/** Brings head, figures and gaps in line with events that were stored at `now`. */
export const noteJudged = async (
  tx: Tx,
  scope: JournalScope,
  { judged, head }: JudgedJournal,
  { reached, now }: { readonly reached: number; readonly now: number },
): Promise<void> => {
  if (judged.length === 0) return;
  const filled = filledBy(judged);
  // Gaps lie below what was reached: what only goes on from there is in none.
  const isBelow = (filled[0] ?? Infinity) <= reached;
  const change = fillGaps(reached, isBelow ? await gapsAround(tx, scope, filled) : [], filled);
  await replaceGaps(tx, scope, change.closed, change.opened);
  const count = (verdict: string): number => judged.filter((each) => each.verdict === verdict).length;
  const restarts = count('restart');
  await sql`
    UPDATE journal_heads SET
      sequence = ${head.sequence}, hash = ${head.hash}, reached = ${change.reached},
      cut = ${head.cut}, cut_at = ${head.cutAt}, cut_first = ${head.cutFirst},
      restarted_at = CASE WHEN ${restarts}::bigint > 0 THEN ${now}::bigint ELSE restarted_at END,
      events = events + ${judged.length}, gaps = gaps + ${change.opened.length - change.closed.length}::bigint,
      forks = forks + ${count('fork')}, restarts = restarts + ${restarts},
      mismatches = mismatches + ${count('mismatch')}
    WHERE ${whereOf(scope)}`.execute(tx);
};

/** At most one for each number. */
const gapsAround = async (tx: Tx, scope: JournalScope, filled: readonly number[]): Promise<Gap[]> => {
  const { rows } = await sql<Gap>`
    SELECT DISTINCT gap.from_sequence AS "from", gap.to_sequence AS "to"
    FROM unnest(${filled}::bigint[]) AS filled (sequence), LATERAL (
      SELECT from_sequence, to_sequence FROM journal_gaps
      WHERE ${whereOf(scope)} AND from_sequence <= filled.sequence
      ORDER BY from_sequence DESC LIMIT 1) AS gap
    WHERE gap.to_sequence >= filled.sequence`.execute(tx);
  return rows;
};

const replaceGaps = async (
  tx: Tx,
  scope: JournalScope,
  closed: readonly Gap[],
  opened: readonly Gap[],
): Promise<void> => {
  if (closed.length > 0) {
    await sql`
      DELETE FROM journal_gaps WHERE ${whereOf(scope)}
        AND from_sequence = ANY(${closed.map(({ from }) => from)}::bigint[])`.execute(tx);
  }
  if (opened.length > 0) {
    await sql`
      INSERT INTO journal_gaps (tenant_id, store_id, kiosk_id, from_sequence, to_sequence)
      SELECT ${scope.tenantId}, ${scope.storeId}, ${scope.kioskId}, *
      FROM unnest(${opened.map(({ from }) => from)}::bigint[], ${opened.map(({ to }) => to)}::bigint[])`.execute(
      tx,
    );
  }
};
