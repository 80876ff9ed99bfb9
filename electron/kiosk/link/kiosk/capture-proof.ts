/** How a kiosk asks a new lock whether its enrolment code is its own, and judges the answer. */
import { equalBytes, toHex } from '../wire/bytes.ts';
import { captureContext, captureProofVersion, type CapturedCode } from '../wire/capture-proof.ts';
import { decodeCbor } from '../wire/cbor/decode.ts';
import { encodeCbor } from '../wire/cbor/encode.ts';
import { isBytes, itemsOf } from '../wire/cbor/value.ts';
import { isStatementOf, readStatement } from '../wire/cose-sign1.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import { LinkError } from '../wire/link-error.ts';

/** What the lock signs over: names the kiosk and the one capture, so that what was said for another proves nothing here. */
export const captureChallenge = (kioskId: string, enrolmentId: string): Uint8Array =>
  sha256(encodeCbor(['Latchpoint capture', kioskId, enrolmentId]));

/** Whether the holder of the device key (65-byte point) has said that this code is that lock's. Never throws on what it is given. */
export const isCaptureProof = (
  proof: Uint8Array,
  { challenge, serialNumber, enrolmentCode }: CapturedCode,
  deviceKey: Uint8Array,
): boolean => {
  try {
    const statement = readStatement(proof);
    const [form, serial, hash, ...others] = itemsOf(decodeCbor(statement.payload));
    return (
      statement.certificate === null &&
      form === captureProofVersion &&
      isBytes(serial) &&
      toHex(serial) === serialNumber &&
      isBytes(hash) &&
      equalBytes(hash, sha256(enrolmentCode)) &&
      others.length === 0 &&
      isStatementOf(statement, captureContext(challenge), [deviceKey])
    );
  } catch (error) {
    if (error instanceof LinkError) return false;
    throw error;
  }
};
