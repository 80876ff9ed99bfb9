/** How a lock proves that an enrolment code is its own: wire/capture-proof.ts has the form. */
import { fromHex } from '../wire/bytes.ts';
import { captureContext, captureProofVersion, type CapturedCode } from '../wire/capture-proof.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import type { Signer } from '../wire/signing.ts';
import { signCose } from './sign-statement.ts';

/** `sign`: with the device key. */
export const createCaptureProof = (
  { challenge, serialNumber, enrolmentCode }: CapturedCode,
  sign: Signer,
): Uint8Array =>
  signCose(
    captureContext(challenge),
    [captureProofVersion, fromHex(serialNumber), sha256(enrolmentCode)],
    sign,
  );
