/**
 * How a new lock proves that an enrolment code is its own: it signs the code's hash with its device key, over a challenge
 * that is the kiosk's and new for each capture. The form is in docs/link.md; whoever has the device certificate can verify it
 * again, long after the session in which it was given has ended.
 */
import type { CborValue } from './cbor/value.ts';

/** Bytes of a challenge. */
export const captureChallengeLength = 32;
/** Of the form of a proof. */
export const captureProofVersion = 1;

/** What a proof is bound to beside what it says. */
export const captureContext = (challenge: Uint8Array): CborValue => ['Latchpoint capture', challenge];

/** What a capture proof is about. */
export interface CapturedCode {
  /** 32 bytes. */
  readonly challenge: Uint8Array;
  readonly serialNumber: string;
  readonly enrolmentCode: Uint8Array;
}
