/** Both ends' cryptography for one unlock, without any radio: what a fast link could not make faster. */
import { createECDH, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createCertificateCache } from '#kiosk/link/lock/certificate-cache.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { rootKeyOf } from '#kiosk/link/kiosk/device-certificate.ts';
import { checkCredentials } from '#kiosk/link/kiosk/driver/credentials.ts';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import { createLockSession } from '#kiosk/link/lock/lock-session.ts';
import type { KioskAction } from '#kiosk/link/kiosk/session.ts';
import type { LockAction, LockSession } from '#kiosk/link/lock/session.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { Bench } from './bench.ts';
import { makeBenchLocks, type BenchLock } from './radio/bench-locks.ts';
import { median } from './statistics.ts';

const batches = 7;
/** The system may count a thread's time in steps of some milliseconds: one unlock is too short to be measured alone. */
const perBatch = 40;

/** Milliseconds of this thread's processor time for each of a batch: another program's share does not count. */
const cpuMs = (work: (run: number) => void): number => {
  const before = process.threadCpuUsage();
  for (let run = 0; run < perBatch; run += 1) work(run);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000 / perBatch;
};

/** The lock's end of sessions, with its cache, and without bolt, memory or radio. */
const createLockEnd = ({ identity, credentials }: BenchLock): (() => LockSession) => {
  const roots = [rootKeyOf(identity.root)];
  const keyPublic = readCertificate(credentials.keyCertificate).publicKey;
  const customerKey = readCertificate(credentials.intermediate).publicKey;
  const { deviceCertificate, serialNumber } = identity;
  const sign = createSigner(identity.devicePrivateKey);
  const cache = createCertificateCache();
  const nothing = (): undefined => undefined;
  return () =>
    createLockSession({
      random: systemRandom,
      deviceCertificate,
      sign,
      cache,
      expectations: () => ({
        roots,
        serialNumber,
        keyPublic,
        customerKey,
        now: Date.now(),
        minCustomerEpoch: 1,
        minKeyEpoch: 1,
      }),
      wantsTime: () => false,
      raiseTimeFloor: nothing,
      setTime: nothing,
      revoke: nothing,
    });
};

const answerOf = (lock: LockSession, action: LockAction): Uint8Array => {
  if (action.type === 'command') {
    return lock.answer({ type: 'unlock', holdOpenSeconds: 1 }).message;
  }
  if (action.type !== 'send') throw new Error(`the lock's end: ${action.type}`);
  return action.message;
};

const unlockOnce = (root: Uint8Array, { credentials, identity }: BenchLock, lock: LockSession): void => {
  const { serialNumber } = identity;
  const usable = checkCredentials(credentials, { serialNumber, root, now: Date.now() });
  if (!usable.ok) throw new Error(usable.error.code);
  const { deviceCertificate } = usable.value;
  const kiosk = createKioskSession({ random: systemRandom, deviceCertificate });
  let action: KioskAction = kiosk.start();
  while (action.type !== 'result') {
    if (action.type === 'failed') throw new Error(action.failure);
    if (action.type === 'ready') {
      const actorHash = new Uint8Array(32);
      const unlock = { type: 'unlock', holdOpenSeconds: 1, actorHash, reasonCode: 0 } as const;
      action = kiosk.command(unlock, usable.value);
    } else {
      action = kiosk.receive(answerOf(lock, lock.receive(action.message)));
    }
  }
  if (action.result.type !== 'unlock') throw new Error(`the lock answered ${action.result.type}`);
};

/** What is new in every unlock, on keys that are ready: 2 signatures, 2 verifications, 2 key pairs, 2 agreements. */
const createBareCryptography = (): (() => void) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = new Uint8Array(200);
  const signature = sign('sha256', data, privateKey);
  const [one, other] = [createECDH('prime256v1'), createECDH('prime256v1')];
  return () => {
    for (let count = 0; count < 2; count += 1) {
      sign('sha256', data, privateKey);
      verify('sha256', data, publicKey, signature);
    }
    const [forOther, forOne] = [one.generateKeys(), other.generateKeys()];
    one.computeSecret(forOne);
    other.computeSecret(forOther);
  };
};

export const unlockCpu: Bench = {
  name: 'unlock-cpu',
  work: `processor time of one unlock, both ends in one thread; ${batches} times ${perBatch} runs`,
  run: async () => {
    // The first lock warms up and is then opened again and again; the others are new to both ends.
    const { root, made } = await makeBenchLocks(1 + perBatch);
    for (const { lock } of made) lock.dispose();
    const [known, ...others] = made;
    if (!known) throw new Error('no lock');
    const lockEnd = createLockEnd(known);
    const again = (): void => unlockOnce(root, known, lockEnd());
    const bare = createBareCryptography();
    for (let batch = 0; batch < 3; batch += 1) cpuMs(again);
    const otherEnds = others.map((lock) => ({ lock, end: createLockEnd(lock) }));
    const first = cpuMs((run) => {
      const other = otherEnds[run];
      if (other) unlockOnce(root, other.lock, other.end());
    });
    const times: number[] = [];
    const floors: number[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      times.push(cpuMs(again));
      floors.push(cpuMs(bare));
    }
    const floor = median(floors).toFixed(2);
    return [
      {
        part: '',
        figure: median(times),
        unit: 'ms',
        goal: { relation: '<=', value: 3 },
        baseline: `node:crypto alone: ${floor} ms; certificates that neither end has seen: ${first.toFixed(2)} ms`,
      },
    ];
  },
};
