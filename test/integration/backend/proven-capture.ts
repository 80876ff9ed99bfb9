/** What a kiosk pushes that has asked the lock itself: a genuine device certificate, and the lock's proof for this capture. */
import { captureChallenge } from '#kiosk/link/kiosk/capture-proof.ts';
import { createCaptureProof } from '#kiosk/link/lock/capture-proof.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { theAuthority } from './scripted-vendor.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export type ProvenCapture = EnrolmentDocument & { readonly proof: string };

/** `kioskId`: who asked the lock. */
export const prove = async (
  captured: EnrolmentDocument,
  kioskId = captured.kioskId,
): Promise<ProvenCapture> => {
  const { serialNumber, enrolmentId } = captured;
  const lock = await (await theAuthority()).vendor.manufactureLock(serialNumber, 'CAM');
  const code = new Uint8Array(Buffer.from(captured.enrolmentCode, 'base64'));
  const said = { challenge: captureChallenge(kioskId, enrolmentId), serialNumber, enrolmentCode: code };
  const proof = createCaptureProof(said, createSigner(lock.devicePrivateKey));
  return { ...captured, deviceCertificate: base64(lock.deviceCertificate), proof: base64(proof) };
};
