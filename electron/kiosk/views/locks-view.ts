import { combineLatest, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { AppError } from '#shared/errors/app-error.ts';
import type { LocksView, LockTile } from '#shared/ipc/views.ts';
import { compareNames, type Language } from '#shared/models/language.ts';
import type { OpenAlarm } from '../alarms/alarms.ts';
import type { Concern, Concerns } from '../locks/concerns.ts';
import type { LastHeard } from '../locks/last-heard.ts';
import type { NearbyLock, NearbyLocks } from '../visit/nearby.ts';
import type { Judge } from '../staff/judge.ts';
import type { Session } from '../staff/session.ts';
import { mayOpenFor } from '../visit/rights.ts';
import type { KioskReadiness } from '../visit/kiosk-readiness.ts';
import { bandRank } from '../visit/proximity.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';

export interface LocksViewSources {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly concerns$: Observable<Concerns>;
  readonly alarms$: Observable<readonly OpenAlarm[]>;
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly readiness$: Observable<KioskReadiness>;
  readonly session$: Observable<Session | null>;
  readonly judge: Pick<Judge, 'refusal' | 'needs' | 'wait' | 'permissions' | 'changed$'>;
  /** The store's. */
  readonly language$: Observable<Language>;
  /** Asked of locks that are not in range, whenever one comes or goes. */
  readonly lastHeard: Pick<LastHeard, 'of'>;
}

export const locksView = (sources: LocksViewSources): Observable<LocksView> => {
  const { judge } = sources;
  const person$ = sources.session$.pipe(
    distinctUntilChanged((a, b) => a?.staffId === b?.staffId && a?.method === b?.method),
  );
  return combineLatest([
    sources.storeLocks$,
    sources.nearby$,
    sources.keySerials$,
    sources.readiness$,
    sources.concerns$,
    person$,
    judge.changed$,
    sources.language$,
    sources.alarms$,
  ]).pipe(
    map(([locks, nearby, keys, readiness, concerns, person, , language, alarms]) => {
      const judgement = judgementOf(judge, person);
      const alarmsOf = Map.groupBy(alarms, ({ serialNumber }) => serialNumber);
      const tiles = [...locks.values()]
        .map((lock) =>
          lockTile(
            lock,
            nearby.get(lock.serialNumber) ?? null,
            keys.has(lock.serialNumber),
            readiness,
            concerns.get(lock.serialNumber) ?? null,
            alarmsOf.get(lock.serialNumber) ?? [],
            judgement(lock.group),
            judge.wait(lock),
            sources.lastHeard,
          ),
        )
        .sort(byUrgency(language));
      const isSpare = ({ serialNumber }: LockTile): boolean => locks.get(serialNumber)?.place === null;
      const spares =
        person && judge.permissions(person.staffId).includes('replace') ? tiles.filter(isSpare) : [];
      return {
        locks: tiles.filter((tile) => !isSpare(tile)),
        ...(spares.length > 0 && { spares }),
        foreign: [...nearby.values()]
          .filter(({ serialNumber, provisioned }) => provisioned && !locks.has(serialNumber))
          .map(({ serialNumber, proximity }) => ({ serialNumber, proximity }))
          .sort((a, b) => compare(a.serialNumber, b.serialNumber)),
      };
    }),
  );
};

/** What a person may at a lock of a group, as the attempt judges it. */
interface Judgement {
  readonly obstacle: AppError | null;
  readonly needs: LockTile['needs'];
}
const unjudged: Judgement = { obstacle: null, needs: null };

/** For whoever is signed in; nobody has no obstacles of their own. Judged once for each group: there are few, and many locks. */
const judgementOf = (
  judge: LocksViewSources['judge'],
  person: Session | null,
): ((group: string) => Judgement) => {
  const known = new Map<string, Judgement>();
  return (group) => {
    if (person === null) return unjudged;
    let judged = known.get(group);
    if (!judged) {
      const { staffId, method } = person;
      judged = {
        obstacle: judge.refusal(staffId, 'open', group),
        needs: judge.needs(staffId, group, method),
      };
      known.set(group, judged);
    }
    return judged;
  };
};

const withoutWait = (needs: LockTile['needs']): LockTile['needs'] => {
  if (!needs) return null;
  const { secondPerson, reasons, proof } = needs;
  return secondPerson || reasons || proof ? { secondPerson, reasons, ...(proof && { proof }) } : null;
};

const lockTile = (
  lock: StoreLock,
  nearby: NearbyLock | null,
  hasKey: boolean,
  readiness: KioskReadiness,
  concern: Concern | null,
  alarms: readonly OpenAlarm[],
  { obstacle, needs }: Judgement,
  wait: LockTile['wait'],
  lastHeard: Pick<LastHeard, 'of'>,
): LockTile => {
  const { serialNumber, name, group } = lock;
  const open = mayOpenFor(() => obstacle)({ serialNumber, readiness, storeLock: lock, hasKey, nearby });
  return {
    serialNumber,
    name,
    group,
    proximity: nearby?.proximity ?? null,
    battery: nearby?.battery ?? null,
    lastHeard: nearby ? null : lastHeard.of(serialNumber),
    batteryLow: nearby?.batteryLow ?? false,
    boltOpen: nearby?.provisioned === true ? nearby.boltOpen : null,
    alarms: alarms.map(({ kind, since, acknowledged }) => ({
      kind,
      since,
      acknowledged: acknowledged !== null,
    })),
    unknownSince: concern?.unknownSince ?? null,
    refused: concern?.refused ?? null,
    obstacle: open.ok ? null : open.error,
    needs: wait?.over ? withoutWait(needs) : needs,
    ...(wait && { wait }),
    opensOfflineUntil: hasKey ? readiness.opensOfflineUntil : null,
    ...(lock.place && { place: lock.place }),
    toBeReleased: lock.release !== null,
  };
};

/** What needs somebody first, then by proximity with what is out of range last, then by name. */
const byUrgency =
  (language: Language) =>
  (a: LockTile, b: LockTile): number =>
    urgency(a) - urgency(b) ||
    rank(a) - rank(b) ||
    compareNames(language, a.name, b.name) ||
    compare(a.serialNumber, b.serialNumber);

const urgency = ({ boltOpen, alarms, unknownSince }: LockTile): number =>
  boltOpen === true || unknownSince !== null || alarms.some(({ acknowledged }) => !acknowledged) ? 0 : 1;
const rank = ({ proximity }: LockTile): number => (proximity === null ? 4 : bandRank[proximity]);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
