import { randomBytes, randomUUID } from 'node:crypto';

/** Randomness as a port, so that a test can replay a run. */
export interface Random {
  /** `length` bytes, fit for keys. */
  bytes(length: number): Uint8Array;
  /** A version 4 UUID. */
  uuid(): string;
  /** A number in [0, 1): for jitter, never for secrets. */
  float(): number;
}

export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  uuid: () => randomUUID(),
  float: () => Math.random(),
};
