import { sql } from 'kysely';
import type { PushResult } from '#shared/http/contract.ts';
import { accessEventSchema, type AccessEvent } from '#shared/models/access-event.ts';
import { badgesOfEvents } from '../badges/person-badges.ts';
import { duressOfEvents } from '../duress/duress-alarms.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import { forgetReleasedLocks } from '../release/forget-lock.ts';
import { changeLocks } from '../places/change-locks.ts';
import { appError } from '../platform/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Db, Tx } from '../store/database.ts';
import { judgeEvents, type JudgedJournal, type JudgedEvent } from './journal-check.ts';
import { lockJournal, noteJudged, receiptOf, type JournalScope } from './journal-state.ts';
import { noteAlarms } from './note-alarms.ts';
import { noteBatteries } from './note-batteries.ts';
import { idOf, storedEvents, whereverStored } from './stored-events.ts';

const invalid: PushResult = { status: 'invalid', error: appError('sync.invalid_rows', { count: 1 }) };

/**
 * Stores pushed access events with the verdict on each, in one transaction. Repetitions are accepted again; only what is
 * not an event of this kiosk is turned away.
 */
export const createEventPush =
  (ports: {
    readonly db: Db;
    readonly tenantId: string;
    readonly logger: Logger;
    /** Which orders to give a lock back an event answers: `named`, only the one whose id it says. */
    readonly answers: 'any' | 'named';
    /** Something was told of people's badges. */
    readonly onBadges?: () => void;
    now(): number;
  }) =>
  async (kiosk: KioskOfStore, rows: readonly unknown[]): Promise<PushResult[]> => {
    const events = rows.map((row) => {
      const event = accessEventSchema.safeParse(row).data;
      return event?.kioskId === kiosk.kioskId ? event : null;
    });
    const unique = new Map(events.filter((event) => event !== null).map((event) => [idOf(event), event]));
    if (unique.size === 0) return events.map(() => invalid);

    const scope = { tenantId: ports.tenantId, ...kiosk };
    const known = await whereverStored((everywhere, requirePlaces) =>
      ports.db.transaction().execute(async (tx) => {
        const journal = await lockJournal(tx, scope);
        const stored = await storedEvents(tx, scope, [...unique.values()], everywhere);
        const fresh = [...unique.values()]
          .filter((event) => !stored.byId.has(idOf(event)) && !stored.foreign.has(idOf(event)))
          .sort((a, b) => a.sequence - b.sequence);
        const checked = judgeEvents(fresh, journal, (sequence) => stored.places.get(sequence) ?? []);
        // What was removed for its age is not stored again, so that nothing would tell of its id elsewhere.
        requirePlaces(checked.old.length === 0);
        const now = await receiptOf(tx, scope, journal, checked, ports.now());
        await insertEvents(tx, scope, checked.judged, now);
        await noteJudged(tx, scope, checked, { reached: journal.reached, now });
        await noteAlarms(tx, scope, checked, now);
        await forgetReleasedLocks(tx, scope, answersOf(checked, ports.answers), now);
        await duressOfEvents(tx, scope, soundOf(checked), now);
        // A kiosk that was revoked names nothing, gives nobody a badge and says nothing of batteries any more.
        if (ports.answers === 'any') {
          await changeLocks(tx, scope, soundOf(checked), now);
          await badgesOfEvents(tx, scope, soundOf(checked), now);
          // Last: nothing that others of the store wait for is asked for once its rows are held.
          await noteBatteries(tx, scope, soundOf(checked), now);
        }
        report(ports.logger, kiosk, checked);
        return stored;
      }),
    );
    if (events.some((event) => event?.kind === 'badge_assigned' || event?.kind === 'badge_blocked'))
      ports.onBadges?.();
    return events.map((event): PushResult => {
      if (!event || known.foreign.has(idOf(event))) return invalid;
      // Of two in one batch under one id, one is stored.
      const held = known.byId.get(idOf(event)) ?? unique.get(idOf(event)) ?? event;
      return { status: held.hash === event.hash ? 'accepted' : 'conflict', master: { ...held } };
    });
  };

/** One statement for all, with the events as one text: of an array of texts each would be escaped here, and read twice there. */
const insertEvents = async (
  tx: Tx,
  scope: JournalScope,
  judged: readonly JudgedEvent[],
  now: number,
): Promise<void> => {
  if (judged.length === 0) return;
  await sql`
    INSERT INTO access_events
      (tenant_id, store_id, kiosk_id, received_at, event_id, sequence, at, hash, verdict, body)
    SELECT ${scope.tenantId}, ${scope.storeId}, ${scope.kioskId}, ${now},
      (body->>'eventId')::uuid, (body->>'sequence')::bigint, (body->>'at')::bigint, body->>'hash', verdict, body
    FROM ROWS FROM (
      jsonb_array_elements(${JSON.stringify(judged.map(({ event }) => event))}::jsonb),
      unnest(${judged.map(({ verdict }) => verdict)}::text[])) AS told (body, verdict)`.execute(tx);
};

/** Those whose own hash is right. */
const soundOf = ({ judged }: Pick<JudgedJournal, 'judged'>): AccessEvent[] =>
  judged.filter(({ verdict }) => verdict !== 'mismatch').map(({ event }) => event);

/** An old event may answer an order that stands, if it names that: another order it must not answer once more. */
const answersOf = ({ judged, old }: JudgedJournal, answers: 'any' | 'named'): AccessEvent[] => {
  const sound = soundOf({ judged });
  const named = ({ orderId }: AccessEvent): boolean => orderId !== undefined;
  return [...(answers === 'any' ? sound : sound.filter(named)), ...old.filter(named)];
};

/** One line for a batch, whatever is in it: a kiosk must not fill the log. */
const report = (logger: Logger, { kioskId }: KioskOfStore, { judged, old }: JudgedJournal): void => {
  if (old.length > 0) logger.info('old events not stored again', { kioskId, count: old.length });
  const breaks = judged.filter(({ verdict }) => verdict !== 'chained');
  const first = breaks.find(({ verdict }) => verdict !== 'restart') ?? breaks[0];
  if (!first) return;
  const { verdict, event } = first;
  logger.warn(verdict === 'restart' ? 'journal begun again' : 'journal broken', {
    kioskId,
    verdict,
    sequence: event.sequence,
    eventId: event.eventId,
    count: breaks.length,
  });
};
