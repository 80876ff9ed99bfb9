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
  /**
   * A link to that lock stands: it says nothing on the air meanwhile, and is there all the same, as it was last heard.
   * Returns how to tell that the link has ended.
   */
  linked(serialNumber: string): () => void;
  /** Not to be taken for this lock until it is heard again: a connection to it failed. */
  forget(serialNumber: string): void;
  dispose(): void;
}

/** A lock advertises several times a second: after this silence a connection would most likely time out. */
const freshMs = 3000;
/** Peers change their addresses; beyond this many the longest silent is forgotten. */
const mostLocks = 4096;

/** How often a lock is reported that is silent because the kiosk is connected to it. */
const linkedEveryMs = 1000;

interface Heard {
  readonly peer: string;
  readonly at: number;
  readonly sighting: LockSighting;
}

export const createPresence = (radio: RadioPort, clock: Clock): Presence => {
  const sightings = new Subject<LockSighting>();
  /** In order of the last advertisement, the longest silent first. */
  const heard = new Map<string, Heard>();

  const report = (peer: string, sighting: LockSighting): void => {
    remember(peer, sighting);
    sightings.next(sighting);
  };
  const remember = (peer: string, sighting: LockSighting): void => {
    const { serialNumber } = sighting;
    heard.delete(serialNumber);
    heard.set(serialNumber, { peer, at: clock.monotonic(), sighting });
    if (heard.size <= mostLocks) return;
    const [silent] = heard.keys();
    if (silent !== undefined) heard.delete(silent);
  };
  const hear = (advertisement: Advertisement): void => {
    const decoded = decodeAdvertisement(advertisement.manufacturerData, advertisement.serviceData);
    // Four bytes of a serial number match by chance: before the scan response was heard, a peer is nobody.
    if (decoded === null || decoded.serialNumber === null) return;
    const { serialNumber, provisioned, boltOpen, tamper, batteryLow, battery } = decoded;
    const { peer, rssi } = advertisement;
    report(peer, { serialNumber, rssi, provisioned, boltOpen, tamper, batteryLow, battery });
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
    linked: (serialNumber) => {
      let cancel: () => void = () => undefined;
      const again = (): void => {
        cancel = clock.after(linkedEveryMs, () => {
          const last = heard.get(serialNumber);
          if (last) report(last.peer, { ...last.sighting, repeated: true });
          again();
        });
      };
      again();
      return () => cancel();
    },
    forget: (serialNumber) => heard.delete(serialNumber),
    dispose: () => {
      subscription.unsubscribe();
      sightings.complete();
    },
  };
};
