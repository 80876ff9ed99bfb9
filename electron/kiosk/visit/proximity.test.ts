import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOf, goneAfterMs, heard, isGone, marginDb, settleMs, type ProximityTrack } from './proximity.ts';

const adverts = fc.array(
  fc.record({ rssi: fc.integer({ min: -100, max: -30 }), afterMs: fc.integer({ min: 1, max: 3_000 }) }),
  { minLength: 1, maxLength: 200 },
);

const play = (list: readonly { rssi: number; afterMs: number }[]): ProximityTrack[] => {
  const tracks: ProximityTrack[] = [];
  let now = 0;
  for (const { rssi, afterMs } of list) {
    now += afterMs;
    tracks.push(heard(tracks.at(-1) ?? null, rssi, now));
  }
  return tracks;
};

describe('proximity', () => {
  test('the first advert decides the band', () => {
    expect(heard(null, -50, 0).band).toBe('here');
    expect(heard(null, -72, 0).band).toBe('near');
    expect(heard(null, -90, 0).band).toBe('far');
  });

  test('a band changes only after the level has pointed elsewhere for two seconds', () => {
    fc.assert(
      fc.property(adverts, (list) => {
        const tracks = play(list);
        tracks.slice(1).forEach((track, index) => {
          const before = tracks[index]!;
          if (track.band === before.band) return;
          expect(before.candidate?.band).toBe(track.band);
          expect(track.heardAt - before.candidate!.since).toBeGreaterThanOrEqual(settleMs);
        });
      }),
    );
  });

  test('the level never leaves what was heard', () => {
    fc.assert(
      fc.property(adverts, (list) => {
        const rssis = list.map(({ rssi }) => rssi);
        for (const { level } of play(list)) {
          expect(level).toBeGreaterThanOrEqual(Math.min(...rssis) - 1e-9);
          expect(level).toBeLessThanOrEqual(Math.max(...rssis) + 1e-9);
        }
      }),
    );
  });

  test('noise around a border does not move a lock', () => {
    fc.assert(
      fc.property(fc.constantFrom(-64, -72.5), fc.integer(), (border, seed) => {
        let track = heard(null, border + 1, 0);
        const { band } = track;
        for (let step = 1; step <= 300; step += 1) {
          const noise = ((Math.imul(step ^ seed, 2_654_435_761) >>> 0) / 2 ** 32) * 2 * marginDb - marginDb;
          track = heard(track, border + noise, step * 100);
          expect(track.band).toBe(band);
        }
      }),
    );
  });

  test('a lock that is really carried away arrives in its new band', () => {
    fc.assert(
      fc.property(fc.integer({ min: -95, max: -35 }), fc.integer({ min: -95, max: -35 }), (from, to) => {
        fc.pre(bandOf(to - marginDb - 1) === bandOf(to) && bandOf(to + marginDb + 1) === bandOf(to));
        let track = heard(null, from, 0);
        for (let step = 1; step <= 150; step += 1) track = heard(track, to, step * 100);
        expect(track.band).toBe(bandOf(to));
      }),
    );
  });

  test('after six silent seconds it is gone, and starts afresh when heard again', () => {
    const track = heard(null, -90, 0);
    expect(isGone(track, goneAfterMs)).toBe(false);
    expect(isGone(track, goneAfterMs + 1)).toBe(true);
    expect(heard(track, -40, goneAfterMs + 1)).toMatchObject({ band: 'here', level: -40 });
  });
});
