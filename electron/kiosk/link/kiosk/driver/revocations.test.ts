/** Which lock has had the list: only an answer that none but the lock gives, after it has taken the list, says so. */
import { expect, test } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { LockCommand } from '../../wire/commands.ts';
import { createRevocations } from './revocations.ts';

const serialNumber = '0000051a00000005';
const list = Uint8Array.of(1, 2, 3);
const lists = [list];
const status: LockCommand = { type: 'status' };

/** Whether a list that went with `command` goes again after `answer`. */
const goesAgain = (
  answer: Result<unknown>,
  command: LockCommand = status,
  carried: Uint8Array | null = list,
) => {
  const revocations = createRevocations(() => lists);
  revocations.delivered(serialNumber, carried, command, answer);
  return revocations.forLock(serialNumber) !== null;
};

test('an answer of the lock, also a refusal, tells that it has heard the list', () => {
  expect(goesAgain(ok(null))).toBe(false);
  expect(goesAgain(fail('lock.refused', { serialNumber, reason: 'jammed' }))).toBe(false);
  expect(goesAgain(fail('lock.chain_refused', { serialNumber, reason: 'key_epoch_revoked' }))).toBe(false);
});

test.each([
  'lock.link_lost',
  'lock.outcome_unknown',
  'lock.protocol',
  'lock.not_genuine',
  'lock.answer_timeout',
] as const)('after %s the list goes again', (code) => {
  expect(goesAgain(fail(code, { serialNumber }))).toBe(true);
});

test('a list that was left out, or went to a lock that was just being bound, goes again', () => {
  expect(goesAgain(ok(null), status, null)).toBe(true);
  expect(goesAgain(ok(null), { type: 'provision' })).toBe(true);
});

test('a lock that may have been released gets it again, as is everyone of another list', () => {
  let current = [list];
  const revocations = createRevocations(() => current);
  revocations.delivered(serialNumber, list, status, ok(null));
  expect(revocations.forLock('0000051a00000006')).toEqual(list);
  current = [Uint8Array.of(1, 2, 4)];
  expect(revocations.forLock(serialNumber)).toEqual(current[0]);
  current = [list];
  expect(revocations.forLock(serialNumber)).toBeNull();
  revocations.delivered(serialNumber, null, { type: 'release', token: list }, fail('lock.outcome_unknown'));
  expect(revocations.forLock(serialNumber)).toEqual(list);
});
