/** What a person has to be allowed for each call. A call that is missing here does not compile. */
import type { Result } from '#shared/errors/app-error.ts';
import { callNames, type CallInput, type CallName, type CallOutput } from '#shared/ipc/contract.ts';
import { mapNames } from '#shared/ipc/page-api.ts';
import type { Permission } from '#shared/rights/model.ts';
import type { CallContext, KioskApi } from './ipc/api.ts';
import type { Judge } from './staff/judge.ts';
import type { StaffService } from './staff/staff-service.ts';
import type { LockDirectory } from './visit/lock-directory.ts';

/**
 * `at_the_lock`: judged there, where it is known what keeps the kiosk itself from the lock, and where a refusal goes into the journal
 * (locks/opening-desk.ts, and again locks/unlocker.ts). null: nobody's right is needed. What stops something, and who could do it,
 * is for whoever is signed in. docs/rights.md ("What takes no right") has each of them, who may, and why.
 */
export const callPermissions = {
  registerKiosk: null,
  signIn: null,
  signInByBadge: null,
  // By whoever lifts, who is not the one who is signed in (staff/pause-lift.ts).
  whoMayLift: null,
  liftPause: null,
  whoseBadge: null,
  proveSelf: null,
  personBadges: 'manage_badges',
  readBadge: 'manage_badges',
  assignBadge: 'manage_badges',
  blockBadges: 'manage_badges',
  leaveKiosk: 'leave_kiosk',
  signOut: null,
  touch: null,
  unlock: 'at_the_lock',
  prepareLock: 'open',
  unlockGroup: 'at_the_lock',
  whoMay: null,
  askOpening: 'at_the_lock',
  callOffOpening: null,
  stopGroup: null,
  stopUnlock: null,
  askLock: 'open',
  readLockRecord: 'read_activity',
  releaseLock: 'release',
  lookedAtLock: 'acknowledge_alarms',
  acknowledgeAlarm: 'acknowledge_alarms',
  readSignedRounds: 'acknowledge_alarms',
  signSweep: 'acknowledge_alarms',
  readBatteries: 'acknowledge_alarms',
  signBatteryRound: 'acknowledge_alarms',
  renameLock: 'enrol',
  // A new lock is captured for it: who may not `enrol` is refused that (locks/lock-replacing.ts).
  replaceLock: 'replace',
  identify: 'identify',
  captureEnrolment: 'enrol',
  provisionEnrolment: 'enrol',
  retryEnrolment: 'enrol',
  abandonEnrolment: 'enrol',
  readActivity: 'read_activity',
  sumUpActivity: 'read_activity',
  checkJournal: 'read_activity',
  beginExport: 'export',
  exportPart: 'export',
  exportLocks: 'export',
  // By whoever stands there; what is called off is by name.
  customerWaiting: null,
  callOffCustomer: null,
  chooseUpdate: 'acknowledge_alarms',
  syncNow: null,
} as const satisfies Record<CallName, Permission | 'at_the_lock' | null>;

export interface CallGuards {
  readonly staff: Pick<StaffService, 'requireSession'>;
  readonly judge: Pick<Judge, 'refusal'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
}

type Handler<N extends CallName> = (
  input: CallInput<N>,
  context: CallContext,
) => Promise<Result<CallOutput<N>>>;

/** The calls, of which none begins for somebody who is not signed in or may not. */
export const guardCalls = (calls: KioskApi['calls'], guards: CallGuards): KioskApi['calls'] => {
  const { staff, judge, directory } = guards;

  const guarded = <N extends CallName>(name: N): Handler<N> => {
    const handler: Handler<N> = calls[name];
    const act: Permission | 'at_the_lock' | null = callPermissions[name];
    if (act === null || act === 'at_the_lock') return handler;
    return (input, context) => {
      const session = staff.requireSession();
      if (!session.ok) return Promise.resolve(session);
      const refused = judge.refusal(session.value.staffId, act, groupOf(input));
      return refused ? Promise.resolve({ ok: false, error: refused }) : handler(input, context);
    };
  };

  /** Of the lock that a call is about; it counts for opening alone. */
  const groupOf = (input: unknown): string | null => {
    if (typeof input !== 'object' || input === null || !('serialNumber' in input)) return null;
    return directory.lock(String(input.serialNumber))?.group ?? null;
  };

  return mapNames(callNames, guarded) as KioskApi['calls'];
};
