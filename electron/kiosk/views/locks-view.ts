import { combineLatest, map, type Observable } from 'rxjs';
import type { LocksView, LockTile } from '#shared/ipc/views.ts';
import { compareNames, type Language } from '#shared/models/language.ts';
import type { Concern, Concerns } from '../locks/concerns.ts';
import type { LastHeard } from '../locks/last-heard.ts';
import type { NearbyLock, NearbyLocks } from '../visit/nearby.ts';
import { mayOpen } from '../visit/rights.ts';
import type { Permission } from '../visit/permission.ts';
import { bandRank } from '../visit/proximity.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';

export interface LocksViewSources {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly concerns$: Observable<Concerns>;
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly permission$: Observable<Permission>;
  /** The store's. */
  readonly language$: Observable<Language>;
  /** Asked of locks that are not in range, whenever one comes or goes. */
  readonly lastHeard: Pick<LastHeard, 'of'>;
}

export const locksView = (sources: LocksViewSources): Observable<LocksView> =>
  combineLatest([
    sources.storeLocks$,
    sources.nearby$,
    sources.keySerials$,
    sources.permission$,
    sources.concerns$,
    sources.language$,
  ]).pipe(
    map(([locks, nearby, keys, permission, concerns, language]) => ({
      locks: [...locks.values()]
        .map((lock) =>
          lockTile(
            lock,
            nearby.get(lock.serialNumber) ?? null,
            keys.has(lock.serialNumber),
            permission,
            concerns.get(lock.serialNumber) ?? null,
            sources.lastHeard,
          ),
        )
        .sort(byUrgency(language)),
      foreign: [...nearby.values()]
        .filter(({ serialNumber, provisioned }) => provisioned && !locks.has(serialNumber))
        .map(({ serialNumber, proximity }) => ({ serialNumber, proximity }))
        .sort((a, b) => compare(a.serialNumber, b.serialNumber)),
    })),
  );

const lockTile = (
  lock: StoreLock,
  nearby: NearbyLock | null,
  hasKey: boolean,
  permission: Permission,
  concern: Concern | null,
  lastHeard: Pick<LastHeard, 'of'>,
): LockTile => {
  const { serialNumber, name, group } = lock;
  const open = mayOpen({ serialNumber, permission, storeLock: lock, hasKey, nearby });
  return {
    serialNumber,
    name,
    group,
    proximity: nearby?.proximity ?? null,
    battery: nearby?.battery ?? null,
    lastHeard: nearby ? null : lastHeard.of(serialNumber),
    batteryLow: nearby?.batteryLow ?? false,
    boltOpen: nearby?.boltOpen ?? null,
    tamper: concern?.tamper ?? null,
    unknownSince: concern?.unknownSince ?? null,
    refused: concern?.refused ?? null,
    obstacle: open.ok ? null : open.error,
    opensOfflineUntil: hasKey ? permission.opensOfflineUntil : null,
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

const urgency = ({ boltOpen, tamper, unknownSince }: LockTile): number =>
  boltOpen === true || tamper?.attended === false || unknownSince !== null ? 0 : 1;
const rank = ({ proximity }: LockTile): number => (proximity === null ? 4 : bandRank[proximity]);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
