import { describe, expect, it as base } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdvertBatch } from './advert-batch.ts';
import type { Advertisement } from './port.ts';

const advert = (peer: string, rssi: number, flags = 1): Advertisement => ({
  peer,
  rssi,
  manufacturerData: Uint8Array.of(flags),
  serviceData: null,
});

const it = base
  .extend('clock', () => new ManualClock())
  .extend('flushed', (): (readonly Advertisement[])[] => [])
  .extend('batch', ({ clock, flushed }) => createAdvertBatch(clock, (adverts) => flushed.push(adverts)));

describe('the batch of advertisements', () => {
  it('passes on the last of each peer, together', async ({ clock, flushed, batch }) => {
    batch.add(advert('a', -50));
    batch.add(advert('a', -51));
    batch.add(advert('b', -60));
    await clock.advance(50);
    expect(flushed).toEqual([[advert('a', -51), advert('b', -60)]]);
  });

  it('holds back a peer that says nothing new', async ({ clock, flushed, batch }) => {
    for (let count = 0; count < 20; count += 1) {
      batch.add(advert('a', -50 - count));
      await clock.advance(50);
    }
    expect(flushed.length).toBeGreaterThan(2);
    expect(flushed.length).toBeLessThan(7);
  });

  it('passes on a change at once', async ({ clock, flushed, batch }) => {
    batch.add(advert('a', -50));
    await clock.advance(50);
    batch.add(advert('a', -50, 2));
    await clock.advance(50);
    expect(flushed[1]).toEqual([advert('a', -50, 2)]);
  });
});
