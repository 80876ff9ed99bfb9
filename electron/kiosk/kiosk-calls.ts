/**
 * The calls of the page, each handed to the service whose business it is. What needs a person asks for the session here; what needs a
 * permission gets here for nobody else (call-permissions.ts).
 */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Alarms } from './alarms/alarms.ts';
import type { Activity } from './activity/activity.ts';
import type { Exports } from './activity/exports.ts';
import { guardCalls } from './call-permissions.ts';
import type { EnrolmentService } from './enrolment/enrolment-service.ts';
import type { Provisioner } from './enrolment/provisioner.ts';
import type { KioskApi } from './ipc/api.ts';
import type { BatteryRounds } from './jobs/battery-rounds.ts';
import type { ClosingSweep } from './jobs/closing-sweep.ts';
import type { SignedRounds } from './jobs/signed-rounds.ts';
import type { CustomerWaiting } from './jobs/customer-waiting.ts';
import type { ChainCheck } from './journal/check-chain.ts';
import type { LockExport } from './lists/lock-export.ts';
import type { LifeCycle } from './life-cycle.ts';
import type { LockConcerns } from './locks/concerns.ts';
import type { GroupUnlock } from './locks/group-unlock.ts';
import type { LockOperations } from './locks/lock-operations.ts';
import type { LockNames } from './locks/lock-names.ts';
import type { LockReplacing } from './locks/lock-replacing.ts';
import type { OpeningDelays } from './locks/opening-delays.ts';
import type { OpeningDesk } from './locks/opening-desk.ts';
import { recordView } from './locks/lock-record.ts';
import type { Releaser } from './locks/releaser.ts';
import type { Preparer } from './locks/preparer.ts';
import type { UnlockService } from './locks/unlock-service.ts';
import type { Replication } from './replication.ts';
import type { StaffBadges } from './staff/badges.ts';
import type { Judge } from './staff/judge.ts';
import type { Leaving } from './staff/leaving.ts';
import { approverOf, plainGroupOpening, plainOpening, type Approver } from './staff/opening.ts';
import type { Session } from './staff/session.ts';
import type { StaffService } from './staff/staff-service.ts';
import type { UpdateChoosing } from './updates/choosing.ts';
import type { Attendance } from './updates/quiet.ts';
import type { LockDirectory } from './visit/lock-directory.ts';

export interface CallServices {
  readonly lifeCycle: LifeCycle;
  readonly staff: StaffService;
  readonly badges: Pick<StaffBadges, 'list' | 'read' | 'assign' | 'block'>;
  readonly leaving: Leaving;
  readonly judge: Pick<Judge, 'refusal' | 'whoMay'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly desk: OpeningDesk;
  readonly delays: OpeningDelays;
  readonly unlocks: UnlockService;
  readonly group: GroupUnlock;
  readonly preparer: Preparer;
  readonly operations: LockOperations;
  readonly releaser: Releaser;
  readonly concerns: Pick<LockConcerns, 'looked'>;
  readonly alarms: Pick<Alarms, 'acknowledge'>;
  readonly sweep: Pick<ClosingSweep, 'sign'>;
  readonly batteries: Pick<BatteryRounds, 'list' | 'sign'>;
  readonly signed: Pick<SignedRounds, 'list'>;
  readonly customers: Pick<CustomerWaiting, 'begin' | 'callOff'>;
  readonly updateChoosing: UpdateChoosing;
  readonly presence: Attendance;
  readonly names: Pick<LockNames, 'rename'>;
  readonly replacing: LockReplacing;
  readonly enrolments: EnrolmentService;
  readonly provisioner: Provisioner;
  readonly activity: Pick<Activity, 'page' | 'sumUp'>;
  readonly exports: Pick<Exports, 'begin' | 'part'>;
  readonly lockExport: Pick<LockExport, 'take'>;
  readonly chain: ChainCheck;
  readonly replication: Replication;
}

export const kioskCalls = (services: CallServices): KioskApi['calls'] =>
  guardCalls(plainCalls(services), services);

const plainCalls = (services: CallServices): KioskApi['calls'] => {
  const { lifeCycle, staff, badges, leaving, judge, directory, desk, delays, unlocks } = services;
  const { group, preparer, operations } = services;
  const { releaser, concerns, alarms, sweep, batteries, signed, names, replacing, enrolments } = services;
  const { provisioner, replication, activity, exports, lockExport, chain, customers } = services;
  const { updateChoosing, presence } = services;

  const asPerson = async <T>(act: (person: Session) => Promise<Result<T>>): Promise<Result<T>> => {
    const session = staff.requireSession();
    if (!session.ok) return session;
    const isOver = staff.during();
    return act(session.value).finally(isOver);
  };

  const asApprover = ({ staffId }: Session): Approver =>
    approverOf(staffId, staff.method(), staff.isForced());

  return {
    registerKiosk: (request, { signal }) => lifeCycle.register(request, signal),
    signIn: ({ staffId, pin }, { signal }) => staff.signIn(staffId, pin, signal),
    signInByBadge: ({ read }, { signal }) => staff.signInByBadge(read, signal),
    whoMayLift: ({ staffId }) => Promise.resolve(ok({ people: staff.lifters(staffId) })),
    liftPause: ({ staffId, by }) => staff.liftPause(staffId, by),
    whoseBadge: ({ read }) =>
      asPerson(async () => {
        const whose = await staff.confirm({ read }, 'second_person');
        return whose.ok ? ok({ staffId: whose.value.approver.staffId }) : whose;
      }),
    proveSelf: (proof) => asPerson(() => staff.prove(proof)),
    personBadges: ({ staffId }) => asPerson(() => badges.list(staffId)),
    readBadge: ({ read }) => asPerson(() => badges.read(read)),
    assignBadge: ({ staffId, read }) => asPerson((by) => badges.assign(staffId, read, asApprover(by))),
    blockBadges: ({ staffId, badgeId }) => asPerson((by) => badges.block(staffId, asApprover(by), badgeId)),
    leaveKiosk: (proof, { signal }) =>
      staff.whileSignedIn(signal, ({ staffId }, there) => leaving.leave(staffId, proof, there)),
    signOut: async () => {
      await staff.signOut();
      return ok(null);
    },
    touch: () => {
      presence.seen();
      staff.touch();
      return Promise.resolve(ok(null));
    },
    unlock: ({ serialNumber, asked }, { signal }) =>
      staff.whileSignedIn(signal, ({ staffId }, there) =>
        unlocks.unlock(serialNumber, staffId, there, () =>
          desk.receive({ acts: plainOpening.acts, staffId, serialNumbers: [serialNumber], asked }),
        ),
      ),
    prepareLock: ({ serialNumber }) =>
      asPerson(() => {
        preparer.prepare(serialNumber);
        return Promise.resolve(ok(null));
      }),
    unlockGroup: ({ serialNumbers, asked }, { signal }) =>
      staff.whileSignedIn(signal, async ({ staffId }, there) => {
        const run = await group.unlock(serialNumbers, staffId, there, () =>
          desk.receive({ acts: plainGroupOpening.acts, staffId, serialNumbers, asked }),
        );
        return run.ok ? ok(null) : run;
      }),
    askOpening: ({ serialNumbers }) => asPerson(({ staffId }) => delays.ask(serialNumbers, staffId)),
    callOffOpening: ({ serialNumbers }) => asPerson(({ staffId }) => delays.callOff(serialNumbers, staffId)),
    whoMay: ({ serialNumber }) =>
      asPerson(({ staffId }) => {
        const lock = directory.lock(serialNumber);
        if (!lock) return Promise.resolve(fail('lock.other_store', { serialNumber }));
        const approve = judge.whoMay('approve', lock.group).filter((one) => one.staffId !== staffId);
        return Promise.resolve(ok({ open: judge.whoMay('open', lock.group), approve }));
      }),
    stopGroup: ({ runId }) =>
      asPerson(() => {
        group.stop(runId);
        return Promise.resolve(ok(null));
      }),
    stopUnlock: ({ attemptId }) =>
      asPerson(() => {
        unlocks.stop(attemptId);
        return Promise.resolve(ok(null));
      }),
    askLock: ({ serialNumber }, { signal }) => asPerson(() => operations.ask(serialNumber, signal)),
    readLockRecord: ({ serialNumber }, { signal }) =>
      asPerson(async () => {
        const ring = await operations.ring(serialNumber, signal);
        return ring.ok ? ok({ events: recordView(ring.value, staff.members()) }) : ring;
      }),
    releaseLock: ({ serialNumber }, { signal }) =>
      staff.whileSignedIn(signal, ({ staffId }, there) => releaser.release(serialNumber, staffId, there)),
    lookedAtLock: ({ serialNumber }) => asPerson(({ staffId }) => concerns.looked(serialNumber, staffId)),
    acknowledgeAlarm: ({ kind, serialNumber }) =>
      asPerson(({ staffId }) => alarms.acknowledge(kind, serialNumber, staffId)),
    readSignedRounds: () => asPerson(() => Promise.resolve(ok(signed.list()))),
    signSweep: ({ seen }) => asPerson(({ staffId }) => sweep.sign(staffId, seen)),
    readBatteries: () => asPerson(async () => ok(await batteries.list())),
    signBatteryRound: ({ changed }) => asPerson(({ staffId }) => batteries.sign(staffId, changed)),
    renameLock: ({ serialNumber, ...to }) =>
      asPerson(({ staffId }) => names.rename(serialNumber, to, staffId)),
    replaceLock: (request, { signal }) =>
      asPerson(({ staffId }) => replacing.replace({ ...request, staffId }, signal)),
    identify: ({ serialNumber }, { signal }) => asPerson(() => operations.identify(serialNumber, signal)),
    captureEnrolment: (request, { signal }) =>
      asPerson(({ staffId }) => enrolments.capture({ ...request, staffId }, signal)),
    provisionEnrolment: ({ enrolmentId }, { signal }) =>
      asPerson(({ staffId }) => provisioner.provision(enrolmentId, staffId, signal)),
    retryEnrolment: ({ enrolmentId }) => asPerson(() => enrolments.retry(enrolmentId)),
    abandonEnrolment: ({ enrolmentId }) => asPerson(() => enrolments.abandon(enrolmentId)),
    readActivity: ({ filter, before }, { signal }) =>
      asPerson(async () => ok(await activity.page(filter, before, signal))),
    sumUpActivity: ({ filter }, { signal }) => asPerson(async () => ok(await activity.sumUp(filter, signal))),
    checkJournal: (_, { signal }) => asPerson(async () => ok(await chain.check(signal))),
    beginExport: (request, { signal }) =>
      staff.whileSignedIn(signal, ({ staffId }, there) => exports.begin(staffId, request, there)),
    exportPart: ({ exportId, part }) => asPerson(({ staffId }) => exports.part(staffId, exportId, part)),
    exportLocks: (request, { signal }) =>
      staff.whileSignedIn(signal, ({ staffId }, there) => lockExport.take(staffId, request, there)),
    customerWaiting: () => {
      const session = staff.requireSession();
      return customers.begin(session.ok ? session.value.staffId : null);
    },
    callOffCustomer: () => asPerson(({ staffId }) => customers.callOff(staffId)),
    chooseUpdate: (choice, { signal }) =>
      staff.whileSignedIn(signal, ({ staffId }, there) => updateChoosing.choose(staffId, choice, there)),
    syncNow: async (_, { signal }) => {
      const synced = await replication.resync(signal);
      // A disk that is full, or a kiosk that is revoked, is shown where it belongs; here it means "not through".
      const declared = synced.ok || synced.error.code === 'sync.unreachable';
      return declared ? synced : { ok: false, error: { code: 'sync.refused', params: {} } };
    },
  };
};
