import { combineLatest, map, type Observable } from 'rxjs';
import type { AppError } from '#shared/errors/app-error.ts';
import type { KioskView } from '#shared/ipc/views.ts';
import { compareNames, type Language } from '#shared/models/language.ts';
import type { StaffDocument, StoreDocument } from '#shared/models/documents.ts';
import type { UpdateViewSources } from './update-view.ts';
import { updateFor, updateNotice } from './update-notice.ts';
import type { WaitingCustomer } from '../jobs/customer-waiting.ts';
import type { KioskReadiness } from '../visit/kiosk-readiness.ts';
import type { Clock } from '../platform/clock.ts';
import type { BadgeNotTaken } from '../staff/badges-not-taken.ts';
import type { StaffBadges } from '../staff/badges.ts';
import type { Judge } from '../staff/judge.ts';
import type { Session } from '../staff/session.ts';
import type { KioskIdentity } from '../vault/port.ts';
import { ticks } from './ticks.ts';

/** How often the page is told the time, so that a moved clock does not mislead it for long. */
const tellTimeEveryMs = 10_000;

export interface KioskViewSources {
  readonly phase$: Observable<KioskView['phase']>;
  readonly identity$: Observable<KioskIdentity | null>;
  readonly store$: Observable<StoreDocument | null>;
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly session$: Observable<Session | null>;
  readonly idledOut$: Observable<string | null>;
  readonly lockedUntil$: Observable<ReadonlyMap<string, number>>;
  readonly judge: Pick<Judge, 'absence' | 'permissions' | 'roles' | 'timeZone' | 'changed$'>;
  readonly badges: Pick<StaffBadges, 'count' | 'changed$'>;
  readonly notTaken$: Observable<readonly BadgeNotTaken[]>;
  readonly customer$: Observable<WaitingCustomer | null>;
  /** null where IT pushes updates. */
  readonly updates: UpdateViewSources | null;
  /** Whether the host can be left. */
  readonly canLeave: boolean;
  readonly notice$: Observable<AppError | null>;
  readonly readiness$: Observable<KioskReadiness>;
  /** The store's, or English. */
  readonly language$: Observable<Language>;
  readonly revokedFor$: Observable<KioskView['revokedFor']>;
  readonly clock: Clock;
  /** The configured name, until the kiosk is registered under one. */
  readonly kioskName: string;
}

export const kioskView = (sources: KioskViewSources): Observable<KioskView> => {
  const { judge, clock, kioskName } = sources;
  return combineLatest({
    phase: sources.phase$,
    identity: sources.identity$,
    store: sources.store$,
    staff: sources.staff$,
    session: sources.session$,
    idledOut: sources.idledOut$,
    lockedUntil: sources.lockedUntil$,
    customer: sources.customer$,
    update: updateNotice(sources.updates, clock),
    notice: sources.notice$,
    readiness: sources.readiness$,
    revokedFor: sources.revokedFor$,
    judged: judge.changed$,
    badged: sources.badges.changed$,
    notTaken: sources.notTaken$,
    language: sources.language$,
    tick: ticks(clock, tellTimeEveryMs),
  }).pipe(
    map(({ phase, identity, store, staff, lockedUntil, readiness, language, ...as }) => ({
      phase,
      kioskName: nameOr(identity?.kioskName, kioskName),
      storeName: store?.name ?? nameOr(identity?.storeName, null),
      ...(store?.district === undefined ? {} : { district: store.district }),
      ...(store?.organisation === undefined ? {} : { organisation: store.organisation }),
      timeZone: judge.timeZone(),
      language: store?.language,
      session: as.session && {
        staffId: as.session.staffId,
        name: as.session.name,
        idleAt: as.session.idleAt,
        permissions: judge.permissions(as.session.staffId),
        roles: judge.roles(as.session.staffId),
        language: staff.find(({ staffId }) => staffId === as.session?.staffId)?.language,
      },
      ...(staff.some(({ staffId }) => sources.badges.count(staffId) > 0) ? { takesBadges: true } : {}),
      ...(as.customer ? { customer: as.customer } : {}),
      ...updateFor(as.update, phase, as.session && judge.permissions(as.session.staffId)),
      seesHealth: seesHealth(judge, phase, staff, as.session),
      ...(sources.canLeave ? { canLeave: true } : {}),
      idledOut: as.session === null ? as.idledOut : null,
      staff: staff
        .filter(({ staffId }) => judge.absence(staffId)?.code !== 'staff.ended')
        .map(({ staffId, name, employeeNumber }) => ({
          staffId,
          name,
          employeeNumber: employeeNumber ?? null,
          lockedUntil: lockedUntil.get(staffId) ?? null,
          ...(as.session && judge.permissions(as.session.staffId).includes('manage_badges')
            ? {
                badges: sources.badges.count(staffId),
                roles: judge.roles(staffId),
                ...(as.notTaken.some((one) => one.staffId === staffId)
                  ? { badgeNotTaken: true as const }
                  : {}),
              }
            : {}),
        }))
        .sort((a, b) => compareNames(language, a.name, b.name) || (a.staffId < b.staffId ? -1 : 1)),
      notice: as.notice ?? notTakenNotice(as.notTaken, as.session, staff),
      obstacle: phase === 'ready' ? readiness.obstacle : null,
      revokedFor: as.revokedFor,
      now: clock.now(),
    })),
  );
};

/**
 * Whether whoever stands there may see how the kiosk's parts are. Signed out it is whoever comes by: what all of the store may. A kiosk that
 * nobody can sign in to is seen by whoever mends it.
 */
export const seesHealth = (
  judge: Pick<Judge, 'permissions'>,
  phase: KioskView['phase'],
  staff: readonly Pick<StaffDocument, 'staffId'>[],
  session: Pick<Session, 'staffId'> | null,
): boolean =>
  phase !== 'ready' ||
  (session === null ? staff : [session]).every(({ staffId }) =>
    judge.permissions(staffId).includes('see_health'),
  );

/** To whoever gave a badge that the backend has not taken. */
const notTakenNotice = (
  notTaken: readonly BadgeNotTaken[],
  session: Pick<Session, 'staffId'> | null,
  staff: readonly Pick<StaffDocument, 'staffId' | 'name'>[],
): AppError | null => {
  const last = session && notTaken.findLast(({ by }) => by === session.staffId);
  const person = staff.find(({ staffId }) => staffId === last?.staffId);
  return person ? { code: 'badge.not_taken', params: { name: person.name } } : null;
};

/** A kiosk whose keys can't be read does not know its names: they are empty. */
const nameOr = <T>(name: string | undefined, other: T): string | T =>
  name === undefined || name === '' ? other : name;
