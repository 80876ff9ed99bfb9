/** The lock and the credentials of every fault run: the same bytes in every process, so that a seed replays its run. */
import { generateKeyPairSync, createHash, createPrivateKey } from 'node:crypto';
import { fromHex } from '#kiosk/link/bytes.ts';
import { deriveLockKey } from '#kiosk/link/derive-key.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockIdentity } from '#simulators/vendor/open-vendor.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import {
  customerKey,
  deviceCertificate,
  deviceKey,
  deviceRequest,
  intermediate,
  leafRequest,
  rootKey,
  worldSerial,
} from '#support/link-world.ts';

export interface FaultWorld {
  readonly serialNumber: string;
  readonly identity: LockIdentity;
  readonly credentials: LockCredentials;
  /** The memory of the lock as it was before the run, for that run alone. */
  memory(provisioned: boolean): LockMemory;
}

/** PKCS #8 of the key that link-world.ts calls `name`. */
const privateKeyCalled = (name: string, publicKey: Uint8Array): Uint8Array => {
  const part = (from: number, to?: number): string =>
    Buffer.from(publicKey.subarray(from, to)).toString('base64url');
  const d = createHash('sha256').update(name).digest('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d, x: part(1, 33), y: part(33) };
  return new Uint8Array(
    createPrivateKey({ format: 'jwk', key: jwk }).export({ format: 'der', type: 'pkcs8' }),
  );
};

const makeIdentity = (): LockIdentity => {
  const enrolment = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  return {
    serialNumber: worldSerial,
    type: 'CAM',
    devicePrivateKey: privateKeyCalled('device', deviceKey.publicKey),
    deviceCertificate,
    root: makeCertificate({ ...deviceRequest(), publicKey: rootKey.publicKey }, rootKey),
    enrolmentKey: new Uint8Array(enrolment.export({ format: 'der', type: 'spki' })),
  };
};

const remembered = (text: string): LockMemory => {
  const memory = volatileMemory();
  memory.write(lockStateSchema.parse(JSON.parse(text)));
  return memory;
};

export const makeFaultWorld = (): FaultWorld => {
  const identity = makeIdentity();
  const memory = volatileMemory();
  const snapshot = (): string => JSON.stringify(memory.read());
  const lock = createSimulatedLock({ identity, clock: new ManualClock(), random: seededRandom(1), memory });
  const fresh = snapshot();
  lock.provisionAtFactory(customerKey.publicKey);
  const provisioned = snapshot();
  lock.dispose();
  const { lockSecret } = lockStateSchema.parse(JSON.parse(fresh));
  const { publicKey, privateKey } = deriveLockKey(fromHex(lockSecret), worldSerial);
  const keyCertificate = makeCertificate(leafRequest({ publicKey }), customerKey);
  return {
    serialNumber: worldSerial,
    identity,
    credentials: { keyCertificate, privateKey, intermediate, deviceCertificate },
    memory: (isProvisioned) => remembered(isProvisioned ? provisioned : fresh),
  };
};
