/**
 * The two forms of an ECDSA signature on P-256: r ‖ s, which the link sends, and ECDSA-Sig-Value (RFC 3279, 2.2.3), which
 * Node signs and verifies in a third less time than when it is asked for the other.
 */
import { concatBytes } from './bytes.ts';

const half = 32;
const integerTag = 0x02;
const sequenceTag = 0x30;

/** A DER INTEGER of an unsigned number: no leading zeros but the one that keeps it positive. */
const integer = (number: Uint8Array): Uint8Array => {
  let start = 0;
  while (start < number.length - 1 && number[start] === 0) start += 1;
  const digits = number.subarray(start);
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return concatBytes([Uint8Array.of(integerTag, sign.length + digits.length), sign, digits]);
};

/** null unless it is 64 bytes. */
export const toSigValue = (signature: Uint8Array): Uint8Array | null => {
  if (signature.length !== 2 * half) return null;
  const [r, s] = [integer(signature.subarray(0, half)), integer(signature.subarray(half))];
  return concatBytes([Uint8Array.of(sequenceTag, r.length + s.length), r, s]);
};

/** Of what Node has just signed: two integers of 32 bytes at most. Throws RangeError for anything else. */
export const fromSigValue = (sigValue: Uint8Array): Uint8Array => {
  const signature = new Uint8Array(2 * half);
  let at = 2;
  for (let end = half; end <= 2 * half; end += half) {
    const length = sigValue[at + 1] ?? 0;
    const number = sigValue.subarray(at + 2, at + 2 + length);
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (sigValue[at] !== integerTag || number.length !== length || digits.length > half) {
      throw new RangeError('not a signature of P-256');
    }
    signature.set(digits, end - digits.length);
    at += 2 + length;
  }
  if (sigValue[0] !== sequenceTag || at !== sigValue.length) throw new RangeError('not a signature of P-256');
  return signature;
};
