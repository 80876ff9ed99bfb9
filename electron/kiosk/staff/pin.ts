/** PINs exist only as scrypt hashes (RFC 7914), the same parameters that the backend stores beside each. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { StaffDocument } from '#shared/models/documents.ts';

type StoredPin = StaffDocument['pin'];

/** 128 · N · r bytes: what one verification may take at the most, so that no document can exhaust the machine. */
const mostMemory = 512 * 1024 * 1024;

/** What no PIN is known to come to, at the cost of `like`. */
const decoyOf = (like: StoredPin): StoredPin => ({
  ...like,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(32).toString('base64'),
});

export type PinProof = 'pin' | 'duress' | 'wrong';

/**
 * Which of a person's PINs it is. Where people may have a second one, both are always tried, at once and for as long, also where this
 * person has none: neither the time it takes nor what is done tells which it was.
 */
export const provePin = async (
  { pin, duressPin }: Pick<StaffDocument, 'pin' | 'duressPin'>,
  mayBeForced: boolean,
  given: string,
  verify = verifyPin,
): Promise<PinProof> => {
  if (!mayBeForced) return (await verify(pin, given)) ? 'pin' : 'wrong';
  const [isOwn, isDuress] = await Promise.all([verify(pin, given), verify(duressPin ?? decoyOf(pin), given)]);
  if (isOwn) return 'pin';
  return isDuress ? 'duress' : 'wrong';
};

/** Runs on a thread of the pool, about 0.3 s at N = 2^17. False for parameters outside what is reasonable. */
export const verifyPin = (stored: StoredPin, pin: string): Promise<boolean> => {
  const { n, r, p } = stored;
  const expected = Buffer.from(stored.hash, 'base64');
  if (!reasonable(stored) || expected.length < 16 || expected.length > 64) return Promise.resolve(false);
  const salt = Buffer.from(stored.salt, 'base64');
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 256 * n * r };
    scrypt(pin, salt, expected.length, options, (error, hash) => {
      if (error) reject(error);
      else resolve(timingSafeEqual(hash, expected));
    });
  });
};

const reasonable = ({ n, r, p }: StoredPin): boolean =>
  n >= 2 && Number.isInteger(Math.log2(n)) && r >= 1 && p >= 1 && p <= 16 && 128 * n * r <= mostMemory;
