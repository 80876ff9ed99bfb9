import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createLanes } from '#shared/flow/lanes.ts';
import {
  fitsNothing,
  pinCost,
  pinHashBytes,
  type PinAtRest,
  type PinsAtRest,
  type PinVerifier,
} from '../keys/pins-at-rest.ts';

const derive = (
  pin: string,
  salt: Uint8Array,
  { n, r, p }: Pick<PinVerifier, 'n' | 'r' | 'p'>,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Twice the memory that is needed: the limit only stops what is absurd.
    scrypt(pin, salt, pinHashBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

export interface PinHasher {
  hash(pin: string): Promise<PinAtRest>;
  matches(pin: string, kept: PinAtRest): Promise<boolean>;
  /** Of somebody who has no PIN yet. */
  noPinYet(): PinAtRest;
}

/** So many at a time, each on a thread of its own and in 128 MB: a flood of requests costs time and not memory. */
export const createPinHasher = (pins: PinsAtRest, atOnce = 1): PinHasher => {
  const { add: inTurn } = createLanes(atOnce);
  return {
    hash: (pin) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        const hash = await derive(pin, salt, pinCost);
        return pins.seal({ ...pinCost, salt: salt.toString('base64'), hash: hash.toString('base64') });
      }),
    matches: (pin, kept) =>
      inTurn(async () => {
        const known = pins.open(kept);
        const hash = await derive(pin, Buffer.from(known.salt, 'base64'), known);
        return timingSafeEqual(hash, Buffer.from(known.hash, 'base64'));
      }),
    noPinYet: () => pins.seal(fitsNothing()),
  };
};
