/** Puts the key of a registered enrolment into its lock: the last step, and the only one that touches the lock again. */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { KioskData } from '../data/port.ts';
import type { Journal } from '../journal/journal.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { Credentials } from '../locks/credentials.ts';
import type { Nearby } from '../locks/nearby.ts';
import type { OperationSlot, Turn } from '../locks/operation-slot.ts';
import type { Permission } from '../locks/permission.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { afterAction } from './enrolment-machine.ts';

const provisionMs = 10_000;
const hearMs = 2_000;
/** A lost answer is made good by asking again: provisioning a lock with the key that it has changes nothing. */
const mostTries = 2;

export interface Provisioner {
  /** On behalf of a person, who goes before the kiosk's own work; null as `staffId` is the kiosk's own work. */
  provision(enrolmentId: string, staffId: string | null, signal: AbortSignal): Promise<Result<null>>;
}

export interface ProvisionerOptions {
  readonly driver: Pick<LockDriver, 'provision'>;
  readonly data: Pick<KioskData, 'enrolment' | 'putEnrolment'>;
  readonly nearby: Nearby;
  readonly credentials: Credentials;
  readonly slot: OperationSlot;
  readonly journal: Journal;
  readonly permission: () => Permission;
  readonly clock: Clock;
  readonly random: Random;
}

export const createProvisioner = (options: ProvisionerOptions): Provisioner => {
  const { driver, data, nearby, credentials, slot, journal, permission, clock, random } = options;

  const setInLock = async (enrolment: EnrolmentDocument, signal: AbortSignal): Promise<Result<unknown>> => {
    const { serialNumber, deviceCertificate } = enrolment;
    let outcome: Result<unknown> = fail('lock.cancelled', { serialNumber });
    for (let tries = 0; tries < mostTries && !signal.aborted; tries += 1) {
      outcome = await credentials.lend(serialNumber, deviceCertificate, (lent) =>
        driver.provision(serialNumber, lent, { deadlineMs: provisionMs, signal }),
      );
      if (outcome.ok || outcome.error.code !== 'lock.outcome_unknown') break;
    }
    return outcome;
  };

  const inTurn = async (
    enrolment: EnrolmentDocument,
    staffId: string | null,
    signal: AbortSignal,
  ): Promise<Result<null>> => {
    const { serialNumber } = enrolment;
    await nearby.waitFor(serialNumber, hearMs, signal);
    const obstacle: AppError | null = permission().obstacle;
    if (obstacle) return { ok: false, error: obstacle };
    if (!nearby.get(serialNumber)) return fail('lock.not_near', { serialNumber });
    const provisioned = await setInLock(enrolment, signal);
    if (!provisioned.ok) return provisioned;
    nearby.learnProvisioned(serialNumber);
    // Read again: the backend's side of it may have changed while the lock was being talked to.
    const current = await data.enrolment(enrolment.enrolmentId);
    if (!current) return fail('enrolment.not_found');
    if (current.state === 'provisioned') return ok(null);
    const next = afterAction(current, 'provisioned', { operationId: random.uuid(), at: clock.now() });
    if (!next.ok) return next;
    const event = journal.plan({ kind: 'lock_provisioned', staffId, serialNumber });
    const stored = await data.putEnrolment(next.value, event ?? undefined);
    if (!stored.ok) return stored;
    await journal.recordPlanned(event);
    return ok(null);
  };

  return {
    provision: async (enrolmentId, staffId, signal) => {
      const enrolment = await data.enrolment(enrolmentId);
      if (!enrolment) return fail('enrolment.not_found');
      if (enrolment.state !== 'registered') return fail('enrolment.wrong_state', { state: enrolment.state });
      const turn: Result<Turn> = await slot.claim(
        staffId === null ? 'background' : 'person',
        enrolment.serialNumber,
      );
      if (!turn.ok) return turn;
      try {
        return await inTurn(enrolment, staffId, AbortSignal.any([signal, turn.value.yielded]));
      } finally {
        turn.value.release();
      }
    },
  };
};
