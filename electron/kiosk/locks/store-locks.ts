/** The locks of this store: those the backend has told of, and those this kiosk has just enrolled itself. */
import { combineLatest, map, shareReplay, type Observable } from 'rxjs';
import type { KioskData } from '../data/port.ts';

export interface StoreLock {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
  /** X.509 DER, base64. */
  readonly deviceCertificate: string;
  /** What gives it back, base64: there while the back office wants that; else null. */
  readonly releaseToken: string | null;
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
      const tokens = new Map(
        trust.flatMap((each) => (each.kind === 'release_order' ? [[each.serialNumber, each.token]] : [])),
      );
      const tokenOf = (serialNumber: string): string | null => tokens.get(serialNumber) ?? null;
      const all = new Map<string, StoreLock>();
      for (const { serialNumber, name, group, deviceCertificate, state } of enrolments) {
        if (state !== 'provisioned' || !keySerials.has(serialNumber)) continue;
        all.set(serialNumber, {
          serialNumber,
          name,
          group,
          deviceCertificate,
          releaseToken: tokenOf(serialNumber),
        });
      }
      for (const { serialNumber, name, group, deviceCertificate } of locks.values()) {
        all.set(serialNumber, {
          serialNumber,
          name,
          group,
          deviceCertificate,
          releaseToken: tokenOf(serialNumber),
        });
      }
      return all;
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
