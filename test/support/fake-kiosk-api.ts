/** A kiosk that answers every call and shows a quiet store: for testing what carries the API, not what it does. */
import { BehaviorSubject } from 'rxjs';
import type { CallContext, KioskApi } from '#kiosk/ipc/api.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { CallInput, CallName, CallOutput, StreamName, StreamSnapshot } from '#shared/ipc/contract.ts';

const at = Date.UTC(2026, 0, 5, 9);
const id = '11111111-1111-4111-8111-111111111111';
const serialNumber = '0000051a00000005';

type Outputs = { readonly [N in CallName]: CallOutput<N> };
type Inputs = { readonly [N in CallName]: CallInput<N> };
type Snapshots = { readonly [N in StreamName]: StreamSnapshot<N> };

type Handler<N extends CallName> = (
  input: CallInput<N>,
  context: CallContext,
) => Promise<Result<CallOutput<N>>>;

/** An input that each call takes. */
export const goodInputs: Inputs = {
  registerKiosk: { code: 'ABCD-EFGH-JKLM-NPQR', name: 'Counter' },
  signIn: { staffId: id, pin: '4711' },
  signInByBadge: { read: '04A1B2C3' },
  whoMayLift: { staffId: id },
  liftPause: { staffId: id, by: { staffId: id, pin: '4711' } },
  whoseBadge: { read: '04A1B2C3' },
  proveSelf: { pin: '4711' },
  personBadges: { staffId: id },
  readBadge: { read: '04A1B2C3' },
  assignBadge: { staffId: id, read: '04A1B2C3' },
  blockBadges: { staffId: id },
  leaveKiosk: { pin: '4711' },
  signOut: null,
  touch: null,
  unlock: { serialNumber },
  prepareLock: { serialNumber },
  unlockGroup: { serialNumbers: [serialNumber] },
  whoMay: { serialNumber },
  askOpening: { serialNumbers: [serialNumber] },
  callOffOpening: { serialNumbers: [serialNumber] },
  stopGroup: { runId: id },
  stopUnlock: { attemptId: id },
  askLock: { serialNumber },
  readLockRecord: { serialNumber },
  releaseLock: { serialNumber },
  lookedAtLock: { serialNumber },
  acknowledgeAlarm: { kind: 'tampered', serialNumber },
  readSignedRounds: null,
  signSweep: { seen: [serialNumber] },
  readBatteries: null,
  signBatteryRound: { changed: [serialNumber] },
  renameLock: { serialNumber, name: 'Case 5, left', group: 'Perfume' },
  replaceLock: { serialNumber, by: '0000051a00000006' },
  identify: { serialNumber },
  captureEnrolment: { serialNumber, name: 'Case 5', group: 'Perfume' },
  provisionEnrolment: { enrolmentId: id },
  retryEnrolment: { enrolmentId: id },
  abandonEnrolment: { enrolmentId: id },
  readActivity: { filter: {}, before: null },
  sumUpActivity: { filter: { day: '2026-01-05', hour: 9 } },
  checkJournal: null,
  beginExport: { filter: {}, format: 'csv', proof: { pin: '4711' } },
  exportPart: { exportId: id, part: 0 },
  exportLocks: { format: 'xlsx', language: 'en', proof: { pin: '4711' } },
  customerWaiting: null,
  callOffCustomer: null,
  chooseUpdate: { version: '0.3.1', when: 'tonight' },
  syncNow: null,
};

export const goodOutputs: Outputs = {
  registerKiosk: null,
  signIn: null,
  signInByBadge: null,
  whoMayLift: { people: [{ staffId: id, name: 'Ada' }] },
  liftPause: null,
  whoseBadge: { staffId: id },
  proveSelf: null,
  personBadges: { badges: [{ badgeId: '00112233445566aa', blocked: false, since: 1 }] },
  readBadge: { badgeId: '00112233445566aa', holder: { staffId: id, blocked: false } },
  assignBadge: null,
  blockBadges: null,
  leaveKiosk: null,
  signOut: null,
  touch: null,
  unlock: { kind: 'open', until: at + 5000 },
  prepareLock: null,
  unlockGroup: null,
  whoMay: { open: [{ staffId: id, name: 'Ada' }], approve: [] },
  askOpening: null,
  callOffOpening: null,
  stopGroup: null,
  stopUnlock: null,
  askLock: { bolt: 'locked', battery: 81 },
  readLockRecord: {
    events: [{ sequence: 7, at, kind: 'unlocked', actor: { kind: 'staff', name: 'Ada' } }],
  },
  releaseLock: null,
  lookedAtLock: null,
  acknowledgeAlarm: null,
  readSignedRounds: {
    sweeps: [{ at, name: 'Ada', heardLocked: 1, seenLocked: 1, notLocked: 0, heardOpen: 0 }],
    batteries: [{ at: null, name: null, changed: 1, left: 0 }],
  },
  signSweep: { heardLocked: 1, seenLocked: 1, notLocked: 0, serialNumbers: [] },
  readBatteries: { change: [], silent: [], later: 1, few: 0, never: 0 },
  signBatteryRound: { changed: [serialNumber], left: 0, serialNumbers: [] },
  renameLock: null,
  replaceLock: { done: true },
  identify: null,
  captureEnrolment: { enrolmentId: id },
  provisionEnrolment: null,
  retryEnrolment: null,
  abandonEnrolment: null,
  readActivity: { rows: [], next: null },
  sumUpActivity: {
    today: '2026-01-05',
    day: '2026-01-05',
    hours: Array.from({ length: 24 }, () => ({ opened: 0, refused: 0 })),
    serving: { all: { count: 0, median: 0, ninetieth: 0 }, lapsed: 0, groups: [], hours: [] },
    attention: [],
    days: [],
    groups: [],
    people: [{ staffId: id, name: 'Ada' }],
  },
  checkJournal: { events: 0, since: null, brokenAt: null },
  beginExport: { exportId: id, fileName: 'journal.csv', parts: 1, events: 0 },
  exportPart: { text: '' },
  exportLocks: { fileName: 'locks.xlsx', locks: 0, file: '' },
  customerWaiting: null,
  callOffCustomer: null,
  chooseUpdate: null,
  syncNow: null,
};

export const quietStore: Snapshots = {
  kiosk: {
    phase: 'ready',
    kioskName: 'Counter',
    storeName: 'High Street',
    session: null,
    idledOut: null,
    staff: [{ staffId: id, name: 'Ada', employeeNumber: null, lockedUntil: null }],
    notice: null,
    obstacle: null,
    revokedFor: null,
    now: at,
  },
  locks: { locks: [], foreign: [] },
  alarms: { count: 0, grave: 0, newestAt: null, newestGraveAt: null, alarms: [] },
  newLocks: { locks: [] },
  attempt: { attempt: null },
  group: { run: null },
  enrolments: { enrolments: [], groups: [] },
  health: {
    radio: { state: 'ready', since: at },
    connection: {
      state: 'online',
      since: at,
      waiting: 0,
      lastContactAt: at,
      pulling: null,
      invalidRows: 0,
    },
    certificates: { state: 'valid', since: at, validUntil: at },
    lease: { state: 'valid', since: at, until: at },
    time: { state: 'checked', since: at, skewMs: 0 },
    vault: { state: 'ready', since: at },
    data: { state: 'whole', since: at },
  },
};

export interface SeenCall {
  readonly name: CallName;
  readonly input: unknown;
  readonly context: CallContext;
}

export interface FakeKioskApi extends KioskApi {
  readonly streams: { readonly [N in StreamName]: BehaviorSubject<StreamSnapshot<N>> };
  readonly seen: readonly SeenCall[];
}

/** `handlers` replace single answers; every other call succeeds with `goodOutputs`. */
export const createFakeKioskApi = (handlers: Partial<KioskApi['calls']> = {}): FakeKioskApi => {
  const seen: SeenCall[] = [];
  const handler = <N extends CallName>(name: N): Handler<N> => {
    const replaced: Handler<N> | undefined = handlers[name];
    const answer: Outputs[N] = goodOutputs[name];
    return async (input, context) => {
      seen.push({ name, input, context });
      return replaced ? replaced(input, context) : ok(answer);
    };
  };
  return {
    calls: {
      registerKiosk: handler('registerKiosk'),
      signIn: handler('signIn'),
      signInByBadge: handler('signInByBadge'),
      whoMayLift: handler('whoMayLift'),
      liftPause: handler('liftPause'),
      whoseBadge: handler('whoseBadge'),
      proveSelf: handler('proveSelf'),
      personBadges: handler('personBadges'),
      readBadge: handler('readBadge'),
      assignBadge: handler('assignBadge'),
      blockBadges: handler('blockBadges'),
      leaveKiosk: handler('leaveKiosk'),
      signOut: handler('signOut'),
      touch: handler('touch'),
      unlock: handler('unlock'),
      prepareLock: handler('prepareLock'),
      unlockGroup: handler('unlockGroup'),
      whoMay: handler('whoMay'),
      askOpening: handler('askOpening'),
      callOffOpening: handler('callOffOpening'),
      stopGroup: handler('stopGroup'),
      stopUnlock: handler('stopUnlock'),
      askLock: handler('askLock'),
      readLockRecord: handler('readLockRecord'),
      releaseLock: handler('releaseLock'),
      lookedAtLock: handler('lookedAtLock'),
      acknowledgeAlarm: handler('acknowledgeAlarm'),
      readSignedRounds: handler('readSignedRounds'),
      signSweep: handler('signSweep'),
      readBatteries: handler('readBatteries'),
      signBatteryRound: handler('signBatteryRound'),
      renameLock: handler('renameLock'),
      replaceLock: handler('replaceLock'),
      identify: handler('identify'),
      captureEnrolment: handler('captureEnrolment'),
      provisionEnrolment: handler('provisionEnrolment'),
      retryEnrolment: handler('retryEnrolment'),
      abandonEnrolment: handler('abandonEnrolment'),
      readActivity: handler('readActivity'),
      sumUpActivity: handler('sumUpActivity'),
      checkJournal: handler('checkJournal'),
      beginExport: handler('beginExport'),
      exportPart: handler('exportPart'),
      exportLocks: handler('exportLocks'),
      customerWaiting: handler('customerWaiting'),
      callOffCustomer: handler('callOffCustomer'),
      chooseUpdate: handler('chooseUpdate'),
      syncNow: handler('syncNow'),
    },
    streams: {
      kiosk: new BehaviorSubject(quietStore.kiosk),
      locks: new BehaviorSubject(quietStore.locks),
      alarms: new BehaviorSubject(quietStore.alarms),
      newLocks: new BehaviorSubject(quietStore.newLocks),
      attempt: new BehaviorSubject(quietStore.attempt),
      group: new BehaviorSubject(quietStore.group),
      enrolments: new BehaviorSubject(quietStore.enrolments),
      health: new BehaviorSubject(quietStore.health),
    },
    seen,
  };
};
