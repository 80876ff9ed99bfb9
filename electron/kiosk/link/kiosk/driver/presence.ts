/**
 * Who is near: which peers of the radio say to be which lock, learnt from advertisements. Nothing in these is authenticated,
 * and anyone can copy one: so a lock may have several peers, and what one of them has proved counts for more than what the
 * others say.
 */
import { combineLatest, distinctUntilChanged, map, Subject, type Observable } from 'rxjs';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { onAbort } from '#shared/flow/abort.ts';
import { every } from '#shared/flow/every.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Advertisement, RadioPort } from '../../../radio/port.ts';
import { decodeAdvertisement } from '../../wire/advertisement.ts';
import type { LockSighting } from '../../lock-driver.ts';
import { createClaimants, type Claimants } from './claimants.ts';

export interface Presence {
  readonly sightings$: Observable<LockSighting>;
  /**
   * The peer to be taken for this lock, of those that were heard not long ago; null where there is none but `tried`. Who has
   * proved to be it comes first, who has failed to comes last.
   */
  peerOf(serialNumber: string, tried?: ReadonlySet<string>): string | null;
  /** Resolves with the peer at its next advertisement, or at once if it was just heard; null once the signal is aborted. */
  waitFor(serialNumber: string, signal: AbortSignal, tried?: ReadonlySet<string>): Promise<string | null>;
  /** How many of them were just heard and are not in `tried`. */
  others(serialNumber: string, tried: ReadonlySet<string>): number;
  isProven(serialNumber: string, peer: string): boolean;
  /** The lock has answered at this peer, authenticated. */
  proven(serialNumber: string, peer: string): void;
  /** Nobody has proved there to be the lock; `disproved`: somebody who is not the lock has answered. */
  failed(serialNumber: string, peer: string, disproved: boolean): void;
  /**
   * A link to that lock stands: it says nothing on the air meanwhile, and is there all the same, as it was last heard.
   * Returns how to tell that the link has ended.
   */
  linked(serialNumber: string, peer: string): () => void;
  /** Not to be taken for this lock until it is heard there again: a connection failed. */
  forget(serialNumber: string, peer: string): void;
  dispose(): void;
}

/** A lock advertises several times a second: after this silence a connection would most likely time out. */
const freshMs = 3000;
/** Serial numbers are made up as easily as peers; beyond this many the longest silent is forgotten. */
const mostLocks = 4096;

/** How often a lock is reported whose silence says nothing. */
const silentEveryMs = 1000;

interface Heard {
  readonly claimants: Claimants;
  readonly sighting: LockSighting;
}

const nobody: ReadonlySet<string> = new Set();

export const createPresence = (radio: RadioPort, clock: Clock): Presence => {
  const sightings = new Subject<LockSighting>();
  /** In order of the last advertisement, the longest silent first. */
  const heard = createBoundedMap<string, Heard>(mostLocks);

  const remember = (claimants: Claimants, sighting: LockSighting): void => {
    const { serialNumber } = sighting;
    heard.set(serialNumber, { claimants, sighting });
    sightings.next(sighting);
  };
  const hear = (advertisement: Advertisement): void => {
    const decoded = decodeAdvertisement(advertisement.manufacturerData, advertisement.serviceData);
    // Four bytes of a serial number match by chance: before the scan response was heard, a peer is nobody.
    if (decoded === null || decoded.serialNumber === null) return;
    const { serialNumber, provisioned, boltOpen, tamper, batteryLow, battery } = decoded;
    const { peer, rssi } = advertisement;
    const claimants = heard.get(serialNumber)?.claimants ?? createClaimants(freshMs);
    claimants.heard(peer, clock.monotonic());
    // A copy of what a lock advertises says nothing of it while the lock itself is heard.
    if (!claimants.speaks(peer, clock.monotonic())) return;
    remember(claimants, { serialNumber, rssi, provisioned, boltOpen, tamper, batteryLow, battery });
  };
  /** Since when the radio, which works, does not listen; null while it does. That time counts for no lock's silence. */
  let deafSince: number | null = null;
  let cancelStillThere = (): void => undefined;

  const now = (): number => deafSince ?? clock.monotonic();
  const sayStillThere = (): void => {
    for (const last of [...heard.values()]) {
      const isFresh = last.claimants.best(nobody, now()) !== null;
      if (isFresh) sightings.next({ ...last.sighting, repeated: true });
    }
  };
  const subscription = radio.advertisements$.subscribe(hear);
  const deaf = combineLatest([radio.state$, radio.listening$])
    .pipe(
      map(([state, listening]) => state === 'ready' && !listening),
      distinctUntilChanged(),
    )
    .subscribe((isDeaf) => {
      cancelStillThere();
      deafSince = isDeaf ? clock.monotonic() : null;
      if (isDeaf) cancelStillThere = every(clock, silentEveryMs, sayStillThere);
    });

  const claimantsOf = (serialNumber: string): Claimants | undefined => heard.get(serialNumber)?.claimants;
  const peerOf = (serialNumber: string, tried = nobody): string | null =>
    claimantsOf(serialNumber)?.best(tried, now()) ?? null;

  return {
    sightings$: sightings.asObservable(),
    peerOf,
    others: (serialNumber, tried) => claimantsOf(serialNumber)?.others(tried, now()) ?? 0,
    isProven: (serialNumber, peer) => claimantsOf(serialNumber)?.isProven(peer) ?? false,
    proven: (serialNumber, peer) => claimantsOf(serialNumber)?.proven(peer),
    failed: (serialNumber, peer, disproved) => claimantsOf(serialNumber)?.failed(peer, disproved),
    waitFor: (serialNumber, signal, tried = nobody) =>
      new Promise((resolve) => {
        const known = peerOf(serialNumber, tried);
        if (known !== null || signal.aborted) {
          resolve(known);
          return;
        }
        const settle = (peer: string | null): void => {
          waiting.unsubscribe();
          forget();
          resolve(peer);
        };
        const stop = (): void => settle(null);
        const waiting = sightings.subscribe({
          next: (sighting) => {
            if (sighting.serialNumber !== serialNumber) return;
            const peer = peerOf(serialNumber, tried);
            if (peer !== null) settle(peer);
          },
          complete: stop,
        });
        const forget = onAbort(signal, stop);
      }),
    linked: (serialNumber, peer) =>
      every(clock, silentEveryMs, () => {
        const last = heard.get(serialNumber);
        if (!last) return;
        last.claimants.heard(peer, clock.monotonic());
        remember(last.claimants, { ...last.sighting, repeated: true });
      }),
    forget: (serialNumber, peer) => claimantsOf(serialNumber)?.forget(peer),
    dispose: () => {
      subscription.unsubscribe();
      deaf.unsubscribe();
      cancelStillThere();
      sightings.complete();
    },
  };
};
