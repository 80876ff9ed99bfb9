/**
 * Gathers advertisements for the way to the core: the last of each peer, a few times a second. A busy shop floor has
 * thousands a second, and a person can't see more than a few.
 */
import type { Clock } from '../platform/clock.ts';
import type { Advertisement } from './port.ts';

export interface AdvertBatch {
  add(advert: Advertisement): void;
  dispose(): void;
}

const flushEveryMs = 50;
/**
 * A peer that says nothing new is passed on this often, for its signal strength. Below the filter's `repeatEveryMs`, so that
 * what the filter lets through is not held back a second time.
 */
const unchangedEveryMs = 150;
const forgetAfterMs = 60_000;

const same = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one === other || (one !== null && other !== null && Buffer.compare(one, other) === 0);

export const createAdvertBatch = (
  clock: Clock,
  flush: (adverts: readonly Advertisement[]) => void,
): AdvertBatch => {
  const waiting = new Map<string, Advertisement>();
  const passedOn = new Map<string, { advert: Advertisement; at: number }>();
  let cancelFlush: (() => void) | null = null;
  let sweptAt = clock.monotonic();

  const sweep = (now: number): void => {
    if (now - sweptAt < forgetAfterMs) return;
    sweptAt = now;
    for (const [peer, { at }] of [...passedOn]) if (now - at > forgetAfterMs) passedOn.delete(peer);
  };

  const send = (): void => {
    cancelFlush = null;
    const now = clock.monotonic();
    const adverts = [...waiting.values()];
    waiting.clear();
    for (const advert of adverts) passedOn.set(advert.peer, { advert, at: now });
    sweep(now);
    flush(adverts);
  };

  return {
    add: (advert) => {
      const before = passedOn.get(advert.peer);
      const unchanged =
        before !== undefined &&
        clock.monotonic() - before.at < unchangedEveryMs &&
        same(before.advert.manufacturerData, advert.manufacturerData) &&
        same(before.advert.serviceData, advert.serviceData);
      if (unchanged) return;
      waiting.set(advert.peer, advert);
      cancelFlush ??= clock.after(flushEveryMs, send);
    },
    dispose: () => cancelFlush?.(),
  };
};
