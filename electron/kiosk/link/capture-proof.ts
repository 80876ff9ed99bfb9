/**
 * How a new lock proves that an enrolment code is its own: it signs the code's hash with its device key, over a challenge
 * that is the kiosk's and new for each capture. The form is in docs/link.md; whoever has the device certificate can verify it
 * again, long after the session in which it was given has ended.
 */
import { isBytes, membersOf, type CborValue } from './cbor/value.ts';
import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { equalBytes, fromHex, toHex } from './bytes.ts';
import { isStatementOf, readStatement, signStatement } from './cose-sign1.ts';
import { sha256 } from './edhoc/key-schedule.ts';
import { LinkError } from './link-error.ts';
import type { Signer } from './signing.ts';

/** Bytes of a challenge. */
export const captureChallengeLength = 32;
const version = 1;

const contextOf = (challenge: Uint8Array): CborValue => ['Latchpoint capture', challenge];

/** What the lock signs over: names the kiosk and the one capture, so that what was said for another proves nothing here. */
export const captureChallenge = (kioskId: string, enrolmentId: string): Uint8Array =>
  sha256(encodeCbor(['Latchpoint capture', kioskId, enrolmentId]));

/** What a capture proof is about. */
export interface CapturedCode {
  /** 32 bytes. */
  readonly challenge: Uint8Array;
  readonly serialNumber: string;
  readonly enrolmentCode: Uint8Array;
}

/** What the lock does, with its device key. */
export const createCaptureProof = (
  { challenge, serialNumber, enrolmentCode }: CapturedCode,
  sign: Signer,
): Uint8Array =>
  signStatement(contextOf(challenge), [version, fromHex(serialNumber), sha256(enrolmentCode)], sign);

/** Whether the holder of the device key (65-byte point) has said that this code is that lock's. Never throws on what it is given. */
export const isCaptureProof = (
  proof: Uint8Array,
  { challenge, serialNumber, enrolmentCode }: CapturedCode,
  deviceKey: Uint8Array,
): boolean => {
  try {
    const statement = readStatement(proof);
    const [form, serial, hash, ...others] = membersOf(decodeCbor(statement.payload));
    return (
      statement.certificate === null &&
      form === version &&
      isBytes(serial) &&
      toHex(serial) === serialNumber &&
      isBytes(hash) &&
      equalBytes(hash, sha256(enrolmentCode)) &&
      others.length === 0 &&
      isStatementOf(statement, contextOf(challenge), [deviceKey])
    );
  } catch (error) {
    if (error instanceof LinkError) return false;
    throw error;
  }
};
