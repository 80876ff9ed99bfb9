/**
 * How near a lock is, made calm. Signal strength jumps by 10 dB from one advert to the next; a person needs "here", "near"
 * or "far", and tiles that stay where they are. So the strength is averaged over about a second and a half, a band is left
 * only past a margin, and only when the average has stayed past it for two seconds.
 */
import type { Proximity } from '#shared/ipc/views.ts';

export interface ProximityTrack {
  /** Averaged signal strength, dBm. */
  readonly level: number;
  readonly band: Proximity;
  /** A band that the level points to now, and since when; null while it points to its own. */
  readonly candidate: { readonly band: Proximity; readonly since: number } | null;
  /** When it was last heard, on the monotonic clock. */
  readonly heardAt: number;
}

/** Milliseconds without an advert after which a lock is no longer in range. */
export const goneAfterMs = 6_000;
/** How long the level must point to another band before the band changes. */
export const settleMs = 2_000;
/** Time in which an old level loses two thirds of its weight. */
const averagingMs = 1_500;
/** How far past a border, in dB, the level must be to count as the other band. */
export const marginDb = 3;

/** In a shop these lie at about 3 m (an arm's length and a step) and 8 m; from 12 m on a lock is surely far. In dBm. */
const borders = { here: -64, near: -72.5 } as const;

/** The band of a level without any memory. */
export const bandOf = (level: number): Proximity =>
  level >= borders.here ? 'here' : level >= borders.near ? 'near' : 'far';

/** The track after an advert heard at `now` (monotonic ms) with `rssi` (dBm). The first advert decides the band at once. */
export const heard = (track: ProximityTrack | null, rssi: number, now: number): ProximityTrack => {
  if (!track || now - track.heardAt > goneAfterMs) {
    return { level: rssi, band: bandOf(rssi), candidate: null, heardAt: now };
  }
  const weight = 1 - Math.exp(-Math.max(1, now - track.heardAt) / averagingMs);
  const level = track.level + (rssi - track.level) * weight;
  const pointsTo = bandWithMargin(track.band, level);
  if (pointsTo === track.band) return { level, band: track.band, candidate: null, heardAt: now };
  const candidate = track.candidate?.band === pointsTo ? track.candidate : { band: pointsTo, since: now };
  return now - candidate.since >= settleMs
    ? { level, band: pointsTo, candidate: null, heardAt: now }
    : { level, band: track.band, candidate, heardAt: now };
};

export const isGone = (track: ProximityTrack, now: number): boolean => now - track.heardAt > goneAfterMs;

/** The band a level points to for a lock that is in `band`: its own wherever the level is within the margin of it. */
const bandWithMargin = (band: Proximity, level: number): Proximity => {
  const nearest = bandOf(level);
  if (nearest === band) return band;
  const towards = bandRank[nearest] < bandRank[band] ? level - marginDb : level + marginDb;
  return bandOf(towards) === band ? band : nearest;
};

/** 0 is nearest: the order of tiles. */
export const bandRank: Readonly<Record<Proximity, number>> = { here: 0, near: 1, far: 2 };
