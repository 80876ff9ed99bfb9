/** What the benchmarks and the process that holds their air say to each other. */
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';

export interface AirOrder {
  /** Locks with their whole cryptography, bound to a customer. */
  readonly locks: number;
  /** Locks that are new: so many of each version of the link. */
  readonly newLocks?: number;
  /** Locks that send every frame back, and know no cryptography. */
  readonly echoes: number;
  /** Other people's devices. */
  readonly foreign: { readonly devices: number; readonly perSecond: number } | null;
}

export interface AirReady {
  /** What the kiosk's configuration takes as `radio.h4`. */
  readonly h4: string;
  /** Of a second dongle in the same air, for whoever is measured beside the kiosk. */
  readonly otherH4: string;
  /** The vendor's root certificate, DER. */
  readonly root: Uint8Array;
  readonly locks: readonly { readonly serialNumber: string; readonly credentials: LockCredentials }[];
  readonly newLocks: readonly { readonly serialNumber: string; readonly linkVersion: 1 | 2 }[];
  /** Bluetooth addresses, `aa:bb:cc:dd:ee:ff`. */
  readonly echoes: readonly string[];
}
