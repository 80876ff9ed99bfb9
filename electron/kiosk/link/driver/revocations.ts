/** Carries the newest revocation list to each lock once: a lock keeps what it has heard. */
import type { Result } from '#shared/errors/app-error.ts';
import type { LockCommand } from '../commands.ts';

export interface Revocations {
  /** The list, if this lock has not had it from this kiosk. */
  forLock(serialNumber: string): Uint8Array | null;
  /** What became of a command that went with `list`. */
  went(serialNumber: string, list: Uint8Array | null, command: LockCommand, answer: Result<unknown>): void;
}

/** Answers that only a lock gives, in a session in which it has taken the list. */
const authenticated: readonly string[] = ['lock.refused', 'lock.chain_refused'];
/** Beyond this many the one that was told longest ago is told once more. */
const mostLocks = 4096;

export const createRevocations = (source: () => Uint8Array | null): Revocations => {
  /** What each lock was last told, in base64. */
  const told = new Map<string, string>();
  const textOf = (list: Uint8Array): string => Buffer.from(list).toString('base64');
  return {
    forLock: (serialNumber) => {
      const list = source();
      return list === null || told.get(serialNumber) === textOf(list) ? null : list;
    },
    went: (serialNumber, list, command, answer) => {
      if (command.type === 'release') {
        // It forgets the list with its customer.
        told.delete(serialNumber);
        return;
      }
      // A lock that is just being bound does not know yet whose list it should take.
      if (list === null || command.type === 'provision') return;
      if (!answer.ok && !authenticated.includes(answer.error.code)) return;
      told.delete(serialNumber);
      told.set(serialNumber, textOf(list));
      const [longestAgo] = told.keys();
      if (told.size > mostLocks && longestAgo !== undefined) told.delete(longestAgo);
    },
  };
};
