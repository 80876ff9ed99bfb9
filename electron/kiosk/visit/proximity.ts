/**
 * How near a lock is, made calm. Signal strength jumps by 10 dB from one advert to the next; a person needs "here", "near"
 * or "far", and tiles that stay where they are. So the strength is averaged over about a second and a half, a band is left
 * only past a margin, and only when the average has stayed past it for two seconds.
 */
import type { Proximity } from '#shared/ipc/views.ts';

export interface ProximityTrack {
  /** Averaged signal strength, dBm; null while none was told. */
  readonly level: number | null;
  /** When a strength was last told, on the monotonic clock. */
  readonly levelAt: number;
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

/** In range, and how near is not known. */
const unknown = 'unknown';
type Band = Exclude<Proximity, typeof unknown>;

/** The band of a level without any memory. */
export const bandOf = (level: number): Band =>
  level >= borders.here ? 'here' : level >= borders.near ? 'near' : 'far';

/** An advert of a strength that nobody knows: the lock is there, and where it was for as long as what is known is not old. */
const heardOnly = (track: ProximityTrack | null, now: number): ProximityTrack =>
  track && now - Math.min(track.heardAt, track.levelAt) <= goneAfterMs
    ? { ...track, heardAt: now }
    : { level: null, levelAt: now, band: unknown, candidate: null, heardAt: now };

/**
 * The track after an advert heard at `now` (monotonic ms) with `rssi` (dBm, or null when the adapter does not know). The first
 * strength decides the band at once.
 */
export const heard = (track: ProximityTrack | null, rssi: number | null, now: number): ProximityTrack => {
  if (rssi === null) return heardOnly(track, now);
  const at = { heardAt: now, levelAt: now };
  const isNew = !track || track.level === null || track.band === unknown || now - track.heardAt > goneAfterMs;
  if (isNew) return { level: rssi, band: bandOf(rssi), candidate: null, ...at };
  const weight = 1 - Math.exp(-Math.max(1, now - track.levelAt) / averagingMs);
  const level = track.level + (rssi - track.level) * weight;
  const pointsTo = bandWithMargin(track.band, level);
  if (pointsTo === track.band) return { level, band: track.band, candidate: null, ...at };
  const candidate = track.candidate?.band === pointsTo ? track.candidate : { band: pointsTo, since: now };
  return now - candidate.since >= settleMs
    ? { level, band: pointsTo, candidate: null, ...at }
    : { level, band: track.band, candidate, ...at };
};

/** The track of a lock whose silence until `now` says nothing: it is where it was. */
export const stillThere = (track: ProximityTrack, now: number): ProximityTrack => ({
  ...track,
  heardAt: now,
  levelAt: now,
});

export const isGone = (track: ProximityTrack, now: number): boolean => now - track.heardAt > goneAfterMs;

/** The band a level points to for a lock that is in `band`: its own wherever the level is within the margin of it. */
const bandWithMargin = (band: Band, level: number): Band => {
  const nearest = bandOf(level);
  if (nearest === band) return band;
  const towards = bandRank[nearest] < bandRank[band] ? level - marginDb : level + marginDb;
  return bandOf(towards) === band ? band : nearest;
};

/** 0 is nearest: the order of tiles. */
export const bandRank: Readonly<Record<Proximity, number>> = { here: 0, near: 1, far: 2, unknown: 3 };
