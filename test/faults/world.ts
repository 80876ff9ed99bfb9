/** The lock and the credentials of every fault run: the same bytes in every process, so that a seed replays its run. */
import { generateKeyPairSync } from 'node:crypto';
import { fromHex } from '#kiosk/link/wire/bytes.ts';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { createReleaseToken } from '#simulators/live-lock/root-statements.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockIdentity } from '#simulators/live-lock/open-vendor.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import {
  customerKey,
  deviceCertificate,
  deviceRequest,
  intermediate,
  leafRequest,
  privateKeyCalled,
  rootKey,
  worldSerial,
} from '#support/link-world.ts';

export interface FaultWorld {
  readonly serialNumber: string;
  readonly identity: LockIdentity;
  readonly credentials: LockCredentials;
  /** Gives the lock back from the key of `credentials`. */
  readonly releaseToken: Uint8Array;
  /** The memory of the lock as it was before the run, for that run alone. */
  memory(provisioned: boolean): LockMemory;
}

const makeIdentity = (): LockIdentity => {
  const enrolment = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  return {
    serialNumber: worldSerial,
    type: 'CAM',
    devicePrivateKey: privateKeyCalled('device'),
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
    releaseToken: createReleaseToken(worldSerial, publicKey, createSigner(privateKeyCalled('root'))),
    memory: (isProvisioned) => remembered(isProvisioned ? provisioned : fresh),
  };
};
