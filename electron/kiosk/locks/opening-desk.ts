/**
 * Takes what a person brings for an opening, before there is any attempt: whether they may at all, the reason, and somebody else who
 * confirms it. Who is refused here never gets to the lock, and the journal says so.
 */
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { Asked } from '#shared/ipc/opening-calls.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Judge } from '../staff/judge.ts';
import { approverOf, duressOf, type Opening } from '../staff/opening.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import { couldOpen } from '../visit/rights.ts';
import type { StoreLock } from '../visit/store-locks.ts';

export interface OpeningDesk {
  /**
   * What they bring, proved. Errors: those of `Judge.obstacle`, where no lock is left that it does not keep them from, and those of
   * `StaffService.confirm`. A lock that the kiosk itself is kept from is passed over: its attempt says by what.
   */
  receive(request: OpeningRequest): Promise<Result<Opening>>;
  /** Puts it into the journal that they were refused at that lock; the same is there once in ten minutes. */
  noteRefusal(staffId: string, lock: StoreLock, error: AppError): Promise<void>;
}

export interface OpeningRequest {
  readonly staffId: string;
  readonly serialNumbers: readonly string[];
  readonly acts: Opening['acts'];
  readonly asked: Asked | undefined;
}

export interface OpeningDeskOptions {
  readonly directory: Pick<LockDirectory, 'situation'>;
  readonly judge: Pick<Judge, 'refusal' | 'obstacle' | 'isSet'>;
  readonly staff: Pick<StaffService, 'confirm' | 'method' | 'methodFrom' | 'isForced'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Who is refused the same at the same lock within this time is in the journal already. */
const sameWithinMs = 10 * 60_000;
const mostRemembered = 4_096;

export const createOpeningDesk = (options: OpeningDeskOptions): OpeningDesk => {
  const { directory, judge, staff, journal, clock } = options;
  const recorded = createBoundedMap<string, number>(mostRemembered);

  const noteRefusal: OpeningDesk['noteRefusal'] = async (staffId, { serialNumber, group }, error) => {
    // A backend that has set none may be one that does not know this event.
    if (!judge.isSet(staffId)) return;
    const key = [staffId, serialNumber, error.code].join(' ');
    const last = recorded.get(key);
    if (last !== undefined && clock.monotonic() - last < sameWithinMs) return;
    recorded.set(key, clock.monotonic());
    const circumstances = { method: staff.method(), group, ...duressOf(staff.isForced()) };
    await journal.record({ kind: 'refused', staffId, serialNumber, errorCode: error.code, circumstances });
  };

  return {
    noteRefusal,
    receive: async ({ staffId, serialNumbers, acts, asked }) => {
      const { reason = null, approval } = asked ?? {};
      const locks = serialNumbers
        .map((serialNumber) => couldOpen(directory.situation(serialNumber)))
        .flatMap((lock) => (lock.ok ? [lock.value] : []));
      const refusals = locks.map((lock) => ({ lock, error: refusalOf(judge, staffId, acts, lock) }));
      const [refused] = refusals;
      if (refused?.error && refusals.every(({ error }) => error !== null)) {
        for (const { lock, error } of refusals) if (error) await noteRefusal(staffId, lock, error);
        return { ok: false, error: refused.error };
      }
      // Whose badge it is has to be known first. A PIN is taken as right: what else is missing is said before anybody's is judged.
      const byBadge =
        approval && 'read' in approval && locks.length > 0
          ? await staff.confirm(approval, 'second_person')
          : null;
      if (byBadge && !byBadge.ok) return byBadge;
      const byPin = approval && 'pin' in approval ? approverOf(approval.staffId, 'pin', false) : null;
      const approver = byBadge?.value.approver ?? byPin;
      const opening: Opening = {
        acts,
        reason,
        approver,
        forced: staff.isForced(),
        method: staff.method(),
        methodNow: staff.methodFrom(),
        approverHolds: byBadge?.value.holds,
      };
      for (const { lock, error } of refusals) {
        const missing = error === null ? judge.obstacle(staffId, lock, opening) : null;
        if (!missing) continue;
        if (isMisuse(missing)) await noteRefusal(staffId, lock, missing);
        return { ok: false, error: missing };
      }
      if (!approval || locks.length === 0) return ok({ ...opening, approver: null });
      if (byBadge) return ok(opening);
      const confirmed = await staff.confirm(approval, 'second_person');
      if (!confirmed.ok) return confirmed;
      const { approver: confirming, holds } = confirmed.value;
      return ok({ ...opening, approver: confirming, approverHolds: holds });
    },
  };
};

const refusalOf = (
  judge: Pick<Judge, 'refusal'>,
  staffId: string,
  acts: Opening['acts'],
  { group }: StoreLock,
): AppError | null => {
  for (const act of acts) {
    const refused = judge.refusal(staffId, act, group);
    if (refused) return refused;
  }
  return null;
};

/** Somebody was named as the second person who cannot be; that something is still to be asked for is nobody's refusal. */
const isMisuse = ({ code }: AppError): boolean =>
  code === 'rights.same_person' || code === 'rights.may_not_approve';
