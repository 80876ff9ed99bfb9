/** The locks of this store: those the backend has told of, and those this kiosk has just enrolled itself. */
import { combineLatest, map, shareReplay, type Observable } from 'rxjs';
import { releaseOrderId } from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { KioskData } from '../data/port.ts';

export interface StoreLock {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
  /** The place that it is in; null: in none, a spare. Undefined: nobody has said, as of a lock that was enrolled here just now. */
  readonly place?: string | null | undefined;
  /** X.509 DER, base64. */
  readonly deviceCertificate: string;
  /** There while the back office wants the lock back. */
  readonly release: LockRelease | null;
}

export interface LockRelease {
  /** What gives it back, base64. */
  readonly token: string;
  /** Which order it is, for the backend to recognise; null where the backend does not tell them apart. */
  readonly orderId: string | null;
}

export type StoreLocks = ReadonlyMap<string, StoreLock>;

/**
 * An enrolment that has been provisioned here counts before the backend's own row arrives: a kiosk that loses its
 * connection right after provisioning must still open the lock.
 */
export const storeLocks = (
  data: Pick<KioskData, 'locks$' | 'enrolments$' | 'keySerials$' | 'trust$'>,
): Observable<StoreLocks> =>
  combineLatest([data.locks$, data.enrolments$, data.keySerials$, data.trust$]).pipe(
    map(([locks, enrolments, keySerials, trust]) => {
      const releases = new Map<string, LockRelease>();
      for (const each of trust) {
        if (each.kind !== 'release_order') continue;
        releases.set(each.serialNumber, { token: each.token, orderId: releaseOrderId(each) });
      }
      const all = new Map<string, StoreLock>();
      const own = enrolments.filter(
        ({ state, serialNumber }) => state === 'provisioned' && keySerials.has(serialNumber),
      );
      const put = (lock: Omit<StoreLock, 'release'>): void => {
        all.set(lock.serialNumber, { ...lock, release: releases.get(lock.serialNumber) ?? null });
      };
      for (const each of own) put(enrolledHere(each));
      for (const { serialNumber, name, group, place, deviceCertificate } of locks.values())
        put({ serialNumber, name, group, place, deviceCertificate });
      return all;
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );

/** One that was enrolled to replace another is a spare until it does. */
const enrolledHere = (enrolment: EnrolmentDocument): Omit<StoreLock, 'release'> => {
  const { serialNumber, name, group, replaces, deviceCertificate } = enrolment;
  return replaces === undefined
    ? { serialNumber, name, group, place: undefined, deviceCertificate }
    : { serialNumber, name: serialNumber, group, place: null, deviceCertificate };
};
