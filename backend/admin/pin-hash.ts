import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createQueue } from '#shared/flow/queue.ts';
import type { StaffDocument } from '#shared/models/documents.ts';

type PinHash = StaffDocument['pin'];

/** RFC 7914 parameters: 128 MiB and some 0.3 s for one guess. */
const cost = { n: 2 ** 17, r: 8, p: 1 } as const;
const hashBytes = 32;

const derive = (
  pin: string,
  salt: Uint8Array,
  { n, r, p }: Pick<PinHash, 'n' | 'r' | 'p'>,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Twice the memory that is needed: the limit only stops what is absurd.
    scrypt(pin, salt, hashBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

/** Of somebody who has no PIN yet: what no PIN is known to come to, and takes no time to make. */
export const noPinYet = (): PinHash => ({
  ...cost,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(hashBytes).toString('base64'),
});

export interface PinHasher {
  hash(pin: string): Promise<PinHash>;
  matches(pin: string, hash: PinHash): Promise<boolean>;
}

/** One at a time, so that a flood of requests costs time and not memory. */
export const createPinHasher = (): PinHasher => {
  const { add: inTurn } = createQueue();
  return {
    hash: (pin) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        const hash = await derive(pin, salt, cost);
        return { ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
      }),
    matches: (pin, known) =>
      inTurn(async () => {
        const hash = await derive(pin, Buffer.from(known.salt, 'base64'), known);
        return timingSafeEqual(hash, Buffer.from(known.hash, 'base64'));
      }),
  };
};
