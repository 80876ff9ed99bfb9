/** What a lock says of itself in its readable characteristics. Nothing of it is authenticated but the device certificate. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { RadioError, type RadioLink, type ReadableCharacteristic } from '../../radio/port.ts';
import { checkDeviceCertificate, rootKeyOf } from '../device-certificate.ts';
import { enrolmentCodeLength } from '../enrolment-code.ts';
import { decodeInfo, type LockInfo } from '../info.ts';
import { LinkError } from '../link-error.ts';
import type { EnrolmentOffer } from '../lock-driver.ts';
import type { Judgement } from './credentials.ts';
import type { OperationScope } from './operation-scope.ts';
import { endedEarly, linkFailed, radioFailed } from './outcomes.ts';

const read = async (
  link: RadioLink,
  characteristic: ReadableCharacteristic,
  serialNumber: string,
  scope: OperationScope,
): Promise<Result<Uint8Array>> => {
  const operation = { timeoutMs: scope.remainingMs(), signal: scope.signal };
  try {
    const value = await scope.within(link.read(characteristic, operation));
    return value === null ? endedEarly(serialNumber, scope) : ok(value);
  } catch (error) {
    if (error instanceof RadioError) return radioFailed(serialNumber, scope, error.failure);
    throw error;
  }
};

/** `lock.protocol` for what can't be read, `lock.not_genuine` for another lock than the one that advertised. */
export const readInfo = async (
  link: RadioLink,
  serialNumber: string,
  scope: OperationScope,
): Promise<Result<LockInfo>> => {
  const bytes = await read(link, 'info', serialNumber, scope);
  if (!bytes.ok) return bytes;
  try {
    const info = decodeInfo(bytes.value);
    return info.serialNumber === serialNumber ? ok(info) : fail('lock.not_genuine', { serialNumber });
  } catch (error) {
    if (error instanceof LinkError) return linkFailed(serialNumber, scope, error.failure);
    throw error;
  }
};

/** What a new lock offers, once its device certificate has been found genuine and its own. */
export const readOffer = async (
  link: RadioLink,
  scope: OperationScope,
  { serialNumber, root, now }: Judgement,
): Promise<Result<EnrolmentOffer>> => {
  const info = await readInfo(link, serialNumber, scope);
  if (!info.ok) return info;
  if (info.value.provisioned) return fail('lock.already_provisioned', { serialNumber });
  const certificate = await read(link, 'certificate', serialNumber, scope);
  if (!certificate.ok) return certificate;
  const genuine =
    root !== null &&
    checkDeviceCertificate(certificate.value, { roots: [rootKeyOf(root)], serialNumber, now }).ok;
  if (!genuine) return fail('lock.not_genuine', { serialNumber });
  const code = await read(link, 'enrolment', serialNumber, scope);
  if (!code.ok) return code;
  if (code.value.length !== enrolmentCodeLength) return fail('lock.protocol', { serialNumber });
  return ok({
    serialNumber,
    type: info.value.type,
    enrolmentCode: code.value,
    deviceCertificate: certificate.value,
  });
};
