/** A vendor, a customer, a lock and a kiosk with fixed keys: what the link's tests and its worked example play with. */
import { createHash, createPrivateKey } from 'node:crypto';
import type { ChainExpectations } from '#kiosk/link/wire/chain-policy.ts';
import { createCertificateCache } from '#kiosk/link/lock/certificate-cache.ts';
import { createKioskSession, type KioskSessionOptions } from '#kiosk/link/kiosk/kiosk-session.ts';
import { createLockSession, type LockSessionOptions } from '#kiosk/link/lock/lock-session.ts';
import { oids } from '#kiosk/link/wire/oids.ts';
import type {
  KioskAction,
  KioskSession,
  SessionAttachments,
  SessionCredentials,
} from '#kiosk/link/kiosk/session.ts';
import type { LockCommand } from '#kiosk/link/wire/commands.ts';
import type { LockSession } from '#kiosk/link/lock/session.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import {
  commonName,
  extensions,
  makeCertificate,
  noEnd,
  serialName,
  type CertificateRequest,
} from './certificate-maker.ts';
import { deterministicKey, type DeterministicKey } from './deterministic-signer.ts';

export const day = 86_400_000;
export const worldNow = Date.UTC(2026, 0, 5, 9);
export const worldSerial = '0000051a00000005';

/** A key pair that is always the same for the same name. It signs slowly, so it remembers what it has signed. */
export const keyCalled = (name: string): DeterministicKey => {
  const key = deterministicKey(createHash('sha256').update(name).digest());
  const signed = new Map<string, Uint8Array>();
  const sign = (data: Uint8Array): Uint8Array => {
    const id = Buffer.from(data).toString('latin1');
    const signature = signed.get(id) ?? key.sign(data);
    signed.set(id, signature);
    return signature;
  };
  return { publicKey: key.publicKey, sign };
};

/** The private key of `keyCalled(name)`, PKCS #8 DER: for what signs quickly and need not sign the same every time. */
export const privateKeyCalled = (name: string): Uint8Array => {
  const { publicKey } = keyCalled(name);
  const part = (from: number, to?: number): string =>
    Buffer.from(publicKey.subarray(from, to)).toString('base64url');
  const d = createHash('sha256').update(name).digest('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d, x: part(1, 33), y: part(33) };
  return new Uint8Array(
    createPrivateKey({ format: 'jwk', key: jwk }).export({ format: 'der', type: 'pkcs8' }),
  );
};

export const rootKey = keyCalled('root');
export const customerKey = keyCalled('customer');
export const lockKey = keyCalled('lock key');
export const deviceKey = keyCalled('device');
export const timeKey = keyCalled('time authority');

export const rootName = commonName('Root');
export const customerName = commonName('Customer');

export const intermediateRequest = (change: Partial<CertificateRequest> = {}): CertificateRequest => ({
  issuer: rootName,
  subject: customerName,
  publicKey: customerKey.publicKey,
  notBefore: worldNow - day,
  notAfter: worldNow + 14 * day,
  extensions: [extensions.ca(0), extensions.keyUsage(5), extensions.customerEpoch(1)],
  ...change,
});

export const leafRequest = (change: Partial<CertificateRequest> = {}): CertificateRequest => ({
  issuer: customerName,
  subject: serialName(worldSerial),
  publicKey: lockKey.publicKey,
  notBefore: worldNow - day,
  notAfter: noEnd,
  extensions: [extensions.keyUsage(0), extensions.usage(oids.keyUsage), extensions.keyEpoch(1)],
  ...change,
});

export const deviceRequest = (change: Partial<CertificateRequest> = {}): CertificateRequest => ({
  ...leafRequest(),
  issuer: rootName,
  publicKey: deviceKey.publicKey,
  extensions: [extensions.keyUsage(0), extensions.usage(oids.deviceUsage)],
  ...change,
});

export const timeRequest = (change: Partial<CertificateRequest> = {}): CertificateRequest => ({
  ...deviceRequest(),
  subject: commonName('Time'),
  publicKey: timeKey.publicKey,
  notAfter: worldNow + 365 * day,
  extensions: [extensions.keyUsage(0), extensions.usage(oids.timeUsage)],
  ...change,
});

export const intermediate = makeCertificate(intermediateRequest(), rootKey);
export const leaf = makeCertificate(leafRequest(), customerKey);
export const deviceCertificate = makeCertificate(deviceRequest(), rootKey);
export const timeCertificate = makeCertificate(timeRequest(), rootKey);

export const expectations = (change: Partial<ChainExpectations> = {}): ChainExpectations => ({
  roots: [rootKey.publicKey],
  serialNumber: worldSerial,
  now: worldNow,
  minCustomerEpoch: 1,
  minKeyEpoch: 1,
  keyPublic: lockKey.publicKey,
  customerKey: customerKey.publicKey,
  ...change,
});

/** The kiosk's end with credentials of its own. */
export interface KioskEnd extends Omit<KioskSession, 'command'> {
  command(command: LockCommand, attachments?: SessionAttachments): KioskAction;
}

export const kioskEnd = ({
  keyCertificate = leaf,
  intermediate: shown = intermediate,
  sign = lockKey.sign,
  ...change
}: Partial<KioskSessionOptions & SessionCredentials> = {}): KioskEnd => {
  const session = createKioskSession({ random: seededRandom(1), deviceCertificate, ...change });
  const credentials = { keyCertificate, intermediate: shown, sign };
  return {
    ...session,
    command: (command, attachments) => session.command(command, credentials, attachments),
  };
};

export const lockEnd = (change: Partial<LockSessionOptions> = {}): LockSession =>
  createLockSession({
    random: seededRandom(2),
    deviceCertificate,
    sign: deviceKey.sign,
    expectations: () => expectations(),
    wantsTime: () => false,
    raiseTimeFloor: () => undefined,
    setTime: () => undefined,
    revoke: () => undefined,
    cache: createCertificateCache(),
    ...change,
  });
