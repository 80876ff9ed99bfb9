/** Fault plans: one for every place and kind of fault, and as many more as there are seeds. */
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { Random } from '#kiosk/platform/random.ts';
import type { FrameFate } from '#support/fake-link.ts';
import { exchanges, type Exchange } from './exchanges.ts';
import type { FaultPlan, FrameEvent } from './run.ts';

/** One fault at one place of an exchange. */
export interface SingleFault {
  readonly name: string;
  readonly event: FrameEvent;
}

export const disconnects: readonly SingleFault[] = [
  { name: 'link lost before', event: { fate: 'lose_before' } },
  { name: 'link lost after', event: { fate: 'lose_after' } },
];

export const singleFaults: readonly SingleFault[] = [
  ...disconnects,
  { name: 'lost', event: { fate: 'vanish' } },
  { name: 'twice', event: { fate: 'double' } },
  { name: 'overtaken', event: { fate: 'overtaken' } },
  { name: 'bit flipped', event: { fate: 'flip' } },
  { name: 'header flipped', event: { fate: 'flip_header' } },
  { name: 'cut', event: { fate: 'cut' } },
  { name: '3 s late', event: { fate: { lateMs: 3000 } } },
  { name: 'past the deadline', event: { fate: { lateMs: 12_000 } } },
  { name: 'lock loses power', event: { fate: 'deliver', powerLoss: true } },
  { name: 'dongle pulled', event: { fate: 'vanish', pulledForMs: 2000 } },
];

export const planOfPlace = (
  exchange: Exchange,
  frameSize: number,
  place: number,
  { event }: SingleFault,
): FaultPlan => ({
  exchange,
  frameSize,
  at: (_direction, frame) => (frame === place ? event : { fate: 'deliver' }),
});

const pick = <T>(random: Random, items: readonly [T, ...T[]]): T =>
  items[Math.floor(random.float() * items.length)] ?? items[0];

const between = (random: Random, from: number, to: number): number =>
  from + Math.floor(random.float() * (to - from + 1));

/** The most that is lost of a link that still deserves the name. */
const mostLoss = 0.3;
const longestDelayMs = 12_000;

type At = FaultPlan['at'];
const deliver: FrameEvent = { fate: 'deliver' };

/** So many in a hundred frames get lost. */
const lossy = (random: Random): At => {
  const rate = random.float() * mostLoss;
  return () => (random.float() < rate ? { fate: 'vanish' } : deliver);
};

/** Every kind of fault, up to every third frame. */
const hostile = (random: Random): At => {
  const rate = random.float() * mostLoss;
  const fates: readonly [FrameFate, ...FrameFate[]] = [
    'vanish',
    'lose_before',
    'lose_after',
    'double',
    'overtaken',
    'flip',
    'flip_header',
    'cut',
  ];
  return () => {
    if (random.float() >= rate) return deliver;
    const lateMs = between(random, 1, longestDelayMs);
    return { fate: random.float() < 0.15 ? { lateMs } : pick(random, fates) };
  };
};

/** Whatever the lock says comes late, sometimes by more than there is time for. */
const slow = (random: Random): At => {
  const lateMs = between(random, 10, random.float() < 0.5 ? 500 : longestDelayMs);
  return (direction) => (direction === 'toKiosk' ? { fate: { lateMs } } : deliver);
};

/** The link breaks again and again. */
const breaking = (random: Random): At => {
  const every = between(random, 1, 40);
  const fate = pick<FrameFate>(random, ['lose_before', 'lose_after']);
  let left = between(random, 1, 4);
  return (_direction, frame) => {
    if ((frame + 1) % every !== 0 || left === 0) return deliver;
    left -= 1;
    return { fate };
  };
};

/** One end loses its power, its dongle or its nerve at one moment, on a link that loses a frame now and then. */
const sudden = (random: Random): At => {
  const moment = between(random, 0, 60);
  const kind = pick(random, ['power', 'dongle', 'both'] as const);
  const pulledForMs = between(random, 1, 15_000);
  const rate = random.float() * 0.02;
  return (_direction, frame) => {
    if (frame !== moment) return random.float() < rate ? { fate: 'vanish' } : deliver;
    const powerLoss = kind !== 'dongle';
    return kind === 'power' ? { fate: 'deliver', powerLoss } : { fate: 'vanish', powerLoss, pulledForMs };
  };
};

const airs = { lossy, hostile, slow, breaking, sudden } as const;
const airNames = ['lossy', 'hostile', 'slow', 'breaking', 'sudden'] as const;
const [firstExchange, ...otherExchanges] = exchanges;

export interface RandomPlan extends FaultPlan {
  /** Which kind of bad air it is. */
  readonly air: keyof typeof airs;
}

/** The same plan for the same seed, for ever. */
export const planOfSeed = (seed: number): RandomPlan => {
  const random = seededRandom(seed);
  if (firstExchange === undefined) throw new Error('no exchanges');
  const exchange = pick(random, [firstExchange, ...otherExchanges]);
  const frameSize = pick(random, [20, 64, 100, 244]);
  const air = pick(random, airNames);
  return { exchange, frameSize, air, at: airs[air](random) };
};
