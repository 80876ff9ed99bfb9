/** Puts the key of a registered enrolment into its lock: the last step, and the only one that touches the lock again. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { KioskData } from '../data/port.ts';
import type { Journal } from '../journal/journal.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { LockNames } from '../locks/lock-names.ts';
import type { Nearby } from '../visit/nearby.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { mayProvision } from '../visit/rights.ts';
import type { Visits } from '../visit/visit.ts';
import { afterAction } from './enrolment-machine.ts';

const provisionMs = 10_000;

export interface Provisioner {
  /** On behalf of a person, who goes before the kiosk's own work; null as `staffId` is the kiosk's own work. */
  provision(enrolmentId: string, staffId: string | null, signal: AbortSignal): Promise<Result<null>>;
}

export interface ProvisionerOptions {
  readonly driver: Pick<LockDriver, 'provision'>;
  readonly data: Pick<KioskData, 'enrolment' | 'putEnrolment'>;
  readonly nearby: Pick<Nearby, 'learnProvisioned'>;
  readonly visits: Visits;
  readonly journal: Journal;
  readonly names: Pick<LockNames, 'planReplacement' | 'replaced'>;
  readonly clock: Clock;
  readonly random: Random;
}

export const createProvisioner = (options: ProvisionerOptions): Provisioner => {
  const { driver, data, nearby, visits, journal, names, clock, random } = options;

  const note = async (enrolmentId: string, staffId: string | null): Promise<Result<null>> => {
    // Read again: the backend's side of it may have changed while the lock was being talked to.
    const current = await data.enrolment(enrolmentId);
    if (!current) return fail('enrolment.not_found');
    if (current.state === 'provisioned') return ok(null);
    const next = afterAction(current, 'provisioned', { operationId: random.uuid(), at: clock.now() });
    if (!next.ok) return next;
    const { serialNumber, replaces } = current;
    const ready = journal.plan({ kind: 'lock_provisioned', staffId, serialNumber });
    // By the word of whoever chose it.
    const replaced =
      replaces === undefined
        ? null
        : names.planReplacement({ serialNumber: replaces, by: serialNumber, staffId: current.staffId });
    const stored = await data.putEnrolment(next.value, ready, replaced);
    if (!stored.ok) return stored;
    if (replaced) names.replaced(replaced);
    await journal.recordPlanned(ready);
    await journal.recordPlanned(replaced);
    return ok(null);
  };

  return {
    provision: async (enrolmentId, staffId, signal) => {
      const enrolment = await data.enrolment(enrolmentId);
      if (!enrolment) return fail('enrolment.not_found');
      if (enrolment.state !== 'registered') return fail('enrolment.wrong_state', { state: enrolment.state });
      const { serialNumber, deviceCertificate } = enrolment;
      return visits.inTurn(staffId === null ? 'background' : 'person', serialNumber, async (yielded) => {
        const either = AbortSignal.any([signal, yielded]);
        const met = await visits.meet(mayProvision, { serialNumber, signal: either });
        if (!met.ok) return met;
        // A lost answer is made good by asking again: provisioning a lock with the key that it has changes nothing.
        const asking = { serialNumber, deviceCertificate, signal: either, again: true };
        const provisioned = await visits.ask(asking, (lent) =>
          driver.provision(serialNumber, lent, { deadlineMs: provisionMs, signal: either }),
        );
        if (!provisioned.ok) return provisioned;
        nearby.learnProvisioned(serialNumber);
        return note(enrolmentId, staffId);
      });
    },
  };
};
