/** Reads what a new lock offers over one channel, and has the lock prove that it is that lock and that the code is its own. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Random } from '../../../platform/random.ts';
import { captureChallengeLength } from '../../wire/capture-proof.ts';
import { isCaptureProof } from '../capture-proof.ts';
import type { Certificate } from '../../wire/certificates.ts';
import { checkDeviceCertificate, rootKeyOf } from '../device-certificate.ts';
import { enrolmentCodeLength } from '../../wire/enrolment-code.ts';
import type { EnrolmentOffer } from '../../lock-driver.ts';
import type { Judgement } from './credentials.ts';
import { createKioskSession } from '../kiosk-session.ts';
import type { Channel } from './channel.ts';
import { authenticate } from './lock-conversation.ts';
import { readCharacteristic } from './lock-reading.ts';
import type { OperationScope } from './operation-scope.ts';

export type LockCapture = (
  channel: Channel,
  scope: OperationScope,
  challenge: Uint8Array,
  judgement: Judgement,
) => Promise<Result<EnrolmentOffer>>;

/** The device certificate that the lock shows, if it is genuine and the lock's that was asked for. */
const readDeviceCertificate = async (
  { link }: Channel,
  scope: OperationScope,
  { serialNumber, root, now }: Judgement,
): Promise<Result<Certificate>> => {
  const shown = await readCharacteristic(link, 'certificate', serialNumber, scope);
  if (!shown.ok) return shown;
  const device =
    root !== null && checkDeviceCertificate(shown.value, { roots: [rootKeyOf(root)], serialNumber, now });
  return device !== false && device.ok ? ok(device.certificate) : fail('lock.not_genuine', { serialNumber });
};

/**
 * Certificate and code can be read by anyone and shown by anyone; who signs this session has the device key. A lock of
 * version 1 of the link signs the session and not the code: the absence of its answer is under the same signature, so nobody
 * makes a lock of version 2 look like one of version 1. Throws RangeError for a challenge that is none: the caller's mistake.
 */
export const createLockCapture =
  (random: Random): LockCapture =>
  async (channel, scope, challenge, judgement) => {
    if (challenge.length !== captureChallengeLength) throw new RangeError('a challenge has 32 bytes');
    const { serialNumber } = judgement;
    const info = await channel.info(scope);
    if (!info.ok) return info;
    const device = await readDeviceCertificate(channel, scope, judgement);
    if (!device.ok) return device;
    const { der, publicKey } = device.value;
    const session = createKioskSession({ random, deviceCertificate: der, captureChallenge: challenge });
    const ready = await authenticate(channel.conversation(scope), session);
    // Its `info` was read: nothing more is asked.
    if (ready.ok) await channel.proven(ready.value.earlyStart, scope);
    channel.understood(ready.ok);
    if (!ready.ok) return ready;
    const { captureProof } = ready.value;
    // Only a lock that is not asked, or has no answer, leaves this to its unauthenticated word.
    const isNew = captureProof === undefined ? !info.value.provisioned : captureProof !== null;
    if (!isNew) return fail('lock.already_provisioned', { serialNumber });
    const code = await readCharacteristic(channel.link, 'enrolment', serialNumber, scope);
    if (!code.ok) return code;
    const enrolmentCode = code.value;
    if (enrolmentCode.length !== enrolmentCodeLength) return fail('lock.protocol', { serialNumber });
    const proof = captureProof ?? null;
    if (proof !== null && !isCaptureProof(proof, { challenge, serialNumber, enrolmentCode }, publicKey))
      return fail('lock.not_genuine', { serialNumber });
    return ok({ serialNumber, type: info.value.type, enrolmentCode, deviceCertificate: der, proof });
  };
