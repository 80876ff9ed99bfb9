/** The locks of a run, in the memory of the process that no one kills: what they did is the truth that records are held to. */
import type { KeyObject } from 'node:crypto';
import { sealEnrolmentCode } from '#kiosk/link/lock/enrolment-code.ts';
import type { Chances } from './chances.ts';
import type { HeardLock, LockAnswer, LockQuestion } from './kiosk-messages.ts';

export interface LockOnShelf {
  readonly serialNumber: string;
  readonly enrolmentCode: string;
  /** The Key Certificate that it is bound to, base64; null while it is new. */
  boundTo: string | null;
  /** How often a kiosk has opened it, by the kiosk's name. */
  readonly openings: Map<string, number>;
}

export interface StoreOfLocks {
  readonly locks: ReadonlyMap<string, LockOnShelf>;
  /** Puts one more new lock on the shelf. */
  add(): LockOnShelf;
  heard(serialNumbers: readonly string[]): HeardLock[];
  obey(kiosk: string, question: LockQuestion): LockAnswer;
  /** Which share of the operations ends without an answer; the lock may have done what it was told. */
  faults: number;
}

const failed = (
  code: Extract<LockAnswer, { ok: false }>['error']['code'],
  serialNumber: string,
): LockAnswer => ({
  ok: false,
  error: { code, params: { serialNumber } },
});

export const createStoreOfLocks = (chances: Chances, vendorKey: KeyObject): StoreOfLocks => {
  const locks = new Map<string, LockOnShelf>();
  const code = (serialNumber: string, secret: Uint8Array): string =>
    Buffer.from(sealEnrolmentCode({ serialNumber, secret }, vendorKey)).toString('base64');

  const carryOut = (lock: LockOnShelf, kiosk: string, question: LockQuestion): LockAnswer => {
    const { serialNumber } = lock;
    const done: LockAnswer = { ok: true, value: {} };
    switch (question.operation) {
      case 'readEnrolment':
        if (lock.boundTo !== null) return failed('lock.already_provisioned', serialNumber);
        return {
          ok: true,
          value: { type: 'CAM', enrolmentCode: lock.enrolmentCode, deviceCertificate: 'AAAA' },
        };
      case 'provision':
        lock.boundTo ??= question.keyCertificate;
        return lock.boundTo === question.keyCertificate
          ? done
          : failed('lock.already_provisioned', serialNumber);
      case 'unlock':
        if (lock.boundTo === null) return failed('lock.not_provisioned', serialNumber);
        if (lock.boundTo !== question.keyCertificate) return failed('lock.chain_refused', serialNumber);
        lock.openings.set(kiosk, (lock.openings.get(kiosk) ?? 0) + 1);
        return done;
      case 'release':
        if (lock.boundTo === null) return done;
        if (lock.boundTo !== question.keyCertificate) return failed('lock.chain_refused', serialNumber);
        lock.boundTo = null;
        return done;
      case 'status':
      case 'identify':
      case 'events':
        return done;
    }
  };

  const store: StoreOfLocks = {
    locks,
    faults: 0,
    add: () => {
      const random = chances('a new lock');
      const serialNumber = Buffer.from(random.bytes(8)).toString('hex');
      const enrolmentCode = code(serialNumber, random.bytes(32));
      const lock = { serialNumber, enrolmentCode, boundTo: null, openings: new Map() };
      locks.set(serialNumber, lock);
      return lock;
    },
    heard: (serialNumbers) =>
      serialNumbers.map((serialNumber) => ({
        serialNumber,
        provisioned: (locks.get(serialNumber)?.boundTo ?? null) !== null,
      })),
    obey: (kiosk, question) => {
      const { serialNumber, operation } = question;
      const lock = locks.get(serialNumber);
      if (!lock) return failed('lock.connect_timeout', serialNumber);
      const random = chances(`${kiosk} ${operation} ${serialNumber}`);
      const fault = random.float() < store.faults;
      const changes = operation === 'unlock' || operation === 'provision' || operation === 'release';
      if (fault && (!changes || random.float() < 0.3)) {
        return failed(changes ? 'lock.outcome_unknown' : 'lock.connect_timeout', serialNumber);
      }
      const answer = carryOut(lock, kiosk, question);
      return fault && answer.ok ? failed('lock.outcome_unknown', serialNumber) : answer;
    },
  };
  return store;
};
