/** Registering a lock: the key is calculated from the enrolment code, and a serial number registers only once. */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { EnrolmentSecret } from '#kiosk/link/enrolment-code.ts';
import { LinkError } from '#kiosk/link/link-error.ts';
import type { Vendor } from '../vendor/open-vendor.ts';
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
  // A lock that comes back after its key was revoked gets one that is not.
  const revoked = ports.registry.revocations(owner).filter((entry) => entry.serialNumber === serialNumber);
  const keyEpoch = Math.max(1, ...revoked.map(({ minEpoch }) => minEpoch));
  const material = await customer.issueKey({ ...secret, notBefore: registeredAt, keyEpoch });
  const registration = { serialNumber, type, owner, registeredAt, ...material };
  if (!ports.registry.register(registration)) {
    throw new ApiError('already_registered', 'This serial number has been registered before.');
  }
  return toAnswer(registration);
};

const openCode = (vendor: Vendor, code: Uint8Array): EnrolmentSecret => {
  try {
    return vendor.openEnrolmentCode(code);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    throw new ApiError('malformed_code', 'The enrolment code is not one of ours.');
  }
};
