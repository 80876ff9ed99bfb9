/** Who is near: which peer of the radio is which lock, learnt from advertisements alone. Nothing here is authenticated. */
import { Subject, type Observable } from 'rxjs';
import type { Clock } from '../../platform/clock.ts';
import type { Advertisement, RadioPort } from '../../radio/port.ts';
import { decodeAdvertisement } from '../advertisement.ts';
import type { LockSighting } from '../lock-driver.ts';

export interface Presence {
  readonly sightings$: Observable<LockSighting>;
  /** The peer that was last heard as this lock, if that was not long ago; else null. */
  peerOf(serialNumber: string): string | null;
  /** Resolves with the peer at its next advertisement, or at once if it was just heard; null once the signal is aborted. */
  waitFor(serialNumber: string, signal: AbortSignal): Promise<string | null>;
  /** Not to be taken for this lock until it is heard again: a connection to it failed. */
  forget(serialNumber: string): void;
  dispose(): void;
}

/** A lock advertises several times a second: after this silence a connection would most likely time out. */
const freshMs = 3000;
/** Peers change their addresses; beyond this many the longest silent is forgotten. */
const mostLocks = 4096;

interface Heard {
  readonly peer: string;
  readonly at: number;
}

export const createPresence = (radio: RadioPort, clock: Clock): Presence => {
  const sightings = new Subject<LockSighting>();
  /** In order of the last advertisement, the longest silent first. */
  const heard = new Map<string, Heard>();

  const remember = (serialNumber: string, peer: string): void => {
    heard.delete(serialNumber);
    heard.set(serialNumber, { peer, at: clock.monotonic() });
    if (heard.size <= mostLocks) return;
    const [silent] = heard.keys();
    if (silent !== undefined) heard.delete(silent);
  };
  const hear = (advertisement: Advertisement): void => {
    const decoded = decodeAdvertisement(advertisement.manufacturerData, advertisement.serviceData);
    // Four bytes of a serial number match by chance: before the scan response was heard, a peer is nobody.
    if (decoded === null || decoded.serialNumber === null) return;
    const { serialNumber, provisioned, boltOpen, tamper, batteryLow, battery } = decoded;
    remember(serialNumber, advertisement.peer);
    const { rssi } = advertisement;
    sightings.next({ serialNumber, rssi, provisioned, boltOpen, tamper, batteryLow, battery });
  };
  const subscription = radio.advertisements$.subscribe(hear);

  const peerOf = (serialNumber: string): string | null => {
    const last = heard.get(serialNumber);
    return last && clock.monotonic() - last.at <= freshMs ? last.peer : null;
  };

  return {
    sightings$: sightings.asObservable(),
    peerOf,
    waitFor: (serialNumber, signal) =>
      new Promise((resolve) => {
        const known = peerOf(serialNumber);
        if (known !== null || signal.aborted) {
          resolve(known);
          return;
        }
        const settle = (peer: string | null): void => {
          waiting.unsubscribe();
          signal.removeEventListener('abort', stop);
          resolve(peer);
        };
        const stop = (): void => settle(null);
        const waiting = sightings.subscribe({
          next: (sighting) => {
            if (sighting.serialNumber === serialNumber) settle(peerOf(serialNumber));
          },
          complete: stop,
        });
        signal.addEventListener('abort', stop, { once: true });
      }),
    forget: (serialNumber) => heard.delete(serialNumber),
    dispose: () => {
      subscription.unsubscribe();
      sightings.complete();
    },
  };
};
