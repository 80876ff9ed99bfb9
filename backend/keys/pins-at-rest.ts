/**
 * PIN verifiers as they lie in the database. There are a million PINs at the most, so whoever had a copy of the database alone could try
 * them all: a verifier lies there encrypted, under a key that the database does not have.
 */
import { randomBytes } from 'node:crypto';
import { staffSchema, type StaffDocument } from '#shared/models/documents.ts';
import type { AtRest } from './at-rest.ts';

const verifierSchema = staffSchema.shape.pin;
export type PinVerifier = StaffDocument['pin'];

/** As a release before left it: in the open, until this one looks through the stored keys. */
export type PinAtRest = { readonly sealed: string } | PinVerifier;

/** What they are encrypted for. Not for one person: whoever is put in another store keeps the PIN that they have. */
export const pinContext = (tenantId: string): string => `pin verifier ${tenantId}`;

export interface PinsAtRest {
  seal(verifier: PinVerifier): PinAtRest;
  /** `fitsNothing` where neither secret opens it: the person needs another PIN, and nobody else is held up by it. */
  open(pin: PinAtRest): PinVerifier;
}

/** RFC 7914 parameters: 128 MiB and some 0.3 s for one guess. */
export const pinCost = { n: 2 ** 17, r: 8, p: 1 } as const;
export const pinHashBytes = 32;

/** What no PIN is known to come to, and takes no time to make. */
export const fitsNothing = (): PinVerifier => ({
  ...pinCost,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(pinHashBytes).toString('base64'),
});

/** The bytes of a verifier as they are encrypted. */
export const verifierBytes = (verifier: PinVerifier): Buffer => Buffer.from(JSON.stringify(verifier));

export const createPinsAtRest = (tenantId: string, atRest: AtRest): PinsAtRest => {
  const context = pinContext(tenantId);
  return {
    seal: (verifier) => ({ sealed: atRest.encrypt(verifierBytes(verifier), context).toString('base64') }),
    open: (pin) => {
      if (!('sealed' in pin)) return pin;
      try {
        const bytes = atRest.decrypt(Buffer.from(pin.sealed, 'base64'), context);
        return verifierSchema.parse(JSON.parse(bytes.toString()));
      } catch {
        return fitsNothing();
      }
    },
  };
};
