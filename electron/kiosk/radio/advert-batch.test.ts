import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdvertBatch, type AdvertBatch } from './advert-batch.ts';
import type { Advertisement } from './port.ts';

let clock: ManualClock;
let flushed: (readonly Advertisement[])[];
let batch: AdvertBatch;

const advert = (peer: string, rssi: number, flags = 1): Advertisement => ({
  peer,
  rssi,
  manufacturerData: Uint8Array.of(flags),
  serviceData: null,
});

beforeEach(() => {
  clock = new ManualClock();
  flushed = [];
  batch = createAdvertBatch(clock, (adverts) => flushed.push(adverts));
});

describe('the batch of advertisements', () => {
  it('passes on the last of each peer, together', async () => {
    batch.add(advert('a', -50));
    batch.add(advert('a', -51));
    batch.add(advert('b', -60));
    await clock.advance(50);
    expect(flushed).toEqual([[advert('a', -51), advert('b', -60)]]);
  });

  it('holds back a peer that says nothing new', async () => {
    for (let count = 0; count < 20; count += 1) {
      batch.add(advert('a', -50 - count));
      await clock.advance(50);
    }
    expect(flushed.length).toBeGreaterThan(2);
    expect(flushed.length).toBeLessThan(7);
  });

  it('passes on a change at once', async () => {
    batch.add(advert('a', -50));
    await clock.advance(50);
    batch.add(advert('a', -50, 2));
    await clock.advance(50);
    expect(flushed[1]).toEqual([advert('a', -50, 2)]);
  });
});
