/**
 * Names of the IPC channels: one per call, one per stream, four for the rest. The tables are typed by the contract, so that
 * a call without a channel does not compile; only its types are imported, which keeps the preload script free of libraries.
 */
import type { CallName, StreamName } from '#shared/ipc/contract.ts';

export const callChannels = {
  registerKiosk: 'call:registerKiosk',
  signIn: 'call:signIn',
  signOut: 'call:signOut',
  touch: 'call:touch',
  unlock: 'call:unlock',
  prepareLock: 'call:prepareLock',
  unlockGroup: 'call:unlockGroup',
  stopGroup: 'call:stopGroup',
  stopUnlock: 'call:stopUnlock',
  askLock: 'call:askLock',
  readLockRecord: 'call:readLockRecord',
  releaseLock: 'call:releaseLock',
  lookedAtLock: 'call:lookedAtLock',
  renameLock: 'call:renameLock',
  identify: 'call:identify',
  captureEnrolment: 'call:captureEnrolment',
  provisionEnrolment: 'call:provisionEnrolment',
  retryEnrolment: 'call:retryEnrolment',
  abandonEnrolment: 'call:abandonEnrolment',
  syncNow: 'call:syncNow',
} as const satisfies Record<CallName, `call:${CallName}`>;

export const streamChannels = {
  kiosk: 'stream:kiosk',
  locks: 'stream:locks',
  newLocks: 'stream:newLocks',
  attempt: 'stream:attempt',
  group: 'stream:group',
  enrolments: 'stream:enrolments',
  health: 'stream:health',
} as const satisfies Record<StreamName, `stream:${StreamName}`>;

export const subscribeChannel = 'subscribe';
export const unsubscribeChannel = 'unsubscribe';
/** The page has taken a stream's snapshot and is ready for the next. */
export const takenChannel = 'taken';
/** The page is alive; carries whether it shows anything. */
export const aliveChannel = 'alive';
