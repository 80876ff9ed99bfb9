/** What the smoothing makes of the simulated air: an hour of advertisements at each distance, with the air's own noise. */
import { describe, expect, test } from 'vitest';
import { heard, type ProximityTrack } from '#kiosk/visit/proximity.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { rssiAt } from '#simulators/air/propagation.ts';
import { defaultSettings } from '#simulators/air/settings.ts';

const hourMs = 3_600_000;
/** The radio process passes a lock that says nothing new on five times a second. */
const everyMs = 200;
/** The band of the first second is only a first impression. */
const settledAfterMs = 5_000;

const hourAt = (metres: number, noiseDb: number, seed: number) => {
  const random = seededRandom(seed);
  const time = { here: 0, near: 0, far: 0, unknown: 0 };
  let track: ProximityTrack | null = null;
  let changes = 0;
  for (let now = 0; now < hourMs; now += everyMs) {
    const next: ProximityTrack = heard(track, rssiAt(metres, noiseDb, random), now);
    if (track && now > settledAfterMs) {
      if (next.band !== track.band) changes += 1;
      time[next.band] += everyMs;
    }
    track = next;
  }
  const total = time.here + time.near + time.far + time.unknown;
  return { changes, shareOf: (band: keyof typeof time) => time[band] / total };
};

describe('a lock that stands still for an hour', () => {
  const { noiseDb } = defaultSettings;

  test.for([0.5, 1, 1.5])('is here at %d m', (metres) => {
    expect(hourAt(metres, noiseDb, 1).shareOf('here')).toBe(1);
  });

  test.for([20, 25, 30])('is far at %d m', (metres) => {
    expect(hourAt(metres, noiseDb, 2).shareOf('far')).toBe(1);
  });

  test.for([12, 15])('is far at %d m', (metres) => {
    expect(hourAt(metres, noiseDb, 3).shareOf('far')).toBeGreaterThan(0.99);
  });

  test.for(Array.from({ length: 30 }, (_, index) => index + 1))(
    'changes its band at most once a minute at %d m, with twice the noise too',
    (metres) => {
      expect(hourAt(metres, noiseDb, metres).changes).toBeLessThanOrEqual(60);
      expect(hourAt(metres, noiseDb * 2, metres).changes).toBeLessThanOrEqual(60);
    },
  );
});
