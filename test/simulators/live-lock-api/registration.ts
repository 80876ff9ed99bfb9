/** Registering a lock: the key is calculated from the enrolment code, and a serial number registers only once. */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { EnrolmentSecret } from '#kiosk/link/lock/enrolment-code.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { LinkError } from '#kiosk/link/wire/link-error.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import { ApiError, registerBodySchema, type RegistrationAnswer } from './api-format.ts';
import type { Registration, Registry } from './registry.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export const toAnswer = (registration: Registration): RegistrationAnswer => ({
  serial_no: registration.serialNumber,
  type: registration.type,
  key_certificate: base64(registration.keyCertificate),
  private_key: base64(registration.privateKey),
});

/** Registers what `body` asks for and resolves once that is on the disk; throws `ApiError` for everything else. */
export const registerLock = async (
  ports: { readonly vendor: Vendor; readonly registry: Registry; readonly clock: Clock },
  body: unknown,
): Promise<RegistrationAnswer> => {
  const parsed = registerBodySchema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ApiError(
      'malformed_request',
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
    );
  }
  const { serial_no: serialNumber, type, certificate: owner, enrolment_code: code } = parsed.data;
  const customer = await ports.vendor.customer(owner);
  if (!customer) throw new ApiError('unknown_owner', 'No intermediate certificate has this owner.');
  const secret = openCode(ports.vendor, new Uint8Array(Buffer.from(code, 'base64')));
  if (secret.serialNumber !== serialNumber) {
    throw new ApiError('serial_mismatch', 'The enrolment code belongs to another serial number.');
  }
  const registeredAt = ports.clock.now();
  const keyEpoch = goodEpoch(ports.registry, { owner, serialNumber });
  const material = await customer.issueKey({ ...secret, notBefore: registeredAt, keyEpoch });
  const registration = { serialNumber, type, owner, registeredAt, ...material };
  if (!ports.registry.register(registration)) {
    throw new ApiError('already_registered', 'This serial number has been registered before.');
  }
  return toAnswer(registration);
};

/** A lock that comes back after its key was revoked gets one that is not. */
const goodEpoch = (
  registry: Registry,
  { owner, serialNumber }: { readonly owner: string; readonly serialNumber: string },
): number => {
  const revoked = registry.revocations(owner).filter((entry) => entry.serialNumber === serialNumber);
  return Math.max(1, ...revoked.map(({ minEpoch }) => minEpoch));
};

/** Issues another Key Certificate in place of one that was revoked: for the same key, with an epoch that is good. */
export const reissueKey = async (
  ports: { readonly vendor: Vendor; readonly registry: Registry; readonly clock: Clock },
  serialNumber: string,
): Promise<void> => {
  const registration = ports.registry.registration(serialNumber);
  const customer = registration && (await ports.vendor.customer(registration.owner));
  if (!registration || !customer)
    throw new ApiError('unknown_serial', 'This serial number is not registered.');
  const keyCertificate = await customer.reissueKey({
    serialNumber,
    publicKey: readCertificate(registration.keyCertificate).publicKey,
    notBefore: ports.clock.now(),
    keyEpoch: goodEpoch(ports.registry, registration),
  });
  ports.registry.replaceCertificate(serialNumber, keyCertificate);
};

const openCode = (vendor: Vendor, code: Uint8Array): EnrolmentSecret => {
  try {
    return vendor.openEnrolmentCode(code);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    throw new ApiError('malformed_code', 'The enrolment code is not one of ours.');
  }
};
