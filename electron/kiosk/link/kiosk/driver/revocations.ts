/** Carries its part of the revocation list to each lock once: a lock keeps what it has heard. */
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import type { Result } from '#shared/errors/app-error.ts';
import type { LockCommand } from '../../wire/commands.ts';
import { createPartChoice } from './revocation-parts.ts';

export interface Revocations {
  /** The part for this lock, if it has not had that from this kiosk. */
  forLock(serialNumber: string): Uint8Array | null;
  /** A command was sent with `list`, and this came of it. */
  delivered(
    serialNumber: string,
    list: Uint8Array | null,
    command: LockCommand,
    answer: Result<unknown>,
  ): void;
}

/** Answers that only a lock gives, in a session in which it has taken the list. */
const authenticated: readonly string[] = ['lock.refused', 'lock.chain_refused'];
/** Beyond this many the one that had it longest ago gets it once more. */
const mostLocks = 4096;

/** `source`: the parts of the customer's list in their order, the same array for as long as they are the same. */
export const createRevocations = (source: () => readonly Uint8Array[]): Revocations => {
  const choose = createPartChoice();
  /** What each lock has, in base64. */
  const had = createBoundedMap<string, string>(mostLocks);
  const textOf = (list: Uint8Array): string => Buffer.from(list).toString('base64');
  return {
    forLock: (serialNumber) => {
      const list = choose(source(), serialNumber);
      return list === null || had.get(serialNumber) === textOf(list) ? null : list;
    },
    delivered: (serialNumber, list, command, answer) => {
      if (command.type === 'release') {
        // It forgets the list with its customer.
        had.delete(serialNumber);
        return;
      }
      // A lock that is just being bound does not know yet whose list it should take.
      if (list === null || command.type === 'provision') return;
      if (!answer.ok && !authenticated.includes(answer.error.code)) return;
      had.set(serialNumber, textOf(list));
    },
  };
};
