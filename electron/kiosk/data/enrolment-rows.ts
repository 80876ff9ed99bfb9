/** What becomes of an enrolment's row where more happens to it than that it is replaced. Pure. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { EnrolmentDocument, EnrolmentState } from '#shared/models/enrolment.ts';
import { isFinalRefusal, mergeEnrolment } from './conflict-rules.ts';
import type { StoredEnrolment } from './schemas.ts';

export type PushedAnswer =
  | { readonly status: 'accepted' | 'conflict'; readonly master: EnrolmentDocument }
  | { readonly status: 'invalid'; readonly error: AppError };

/** Never stored by the backend, so it can't go on; but a lock that holds its key is not made to look otherwise. */
const refusedRow = (local: StoredEnrolment, problem: AppError): StoredEnrolment =>
  local.state === 'provisioned'
    ? { ...local, pending: false }
    : { ...local, state: 'refused', problem, pending: false };

/** Another kiosk's from now on. A proof names the kiosk that asked for it: it is none any more. */
export const movedTo = (kioskId: string, row: StoredEnrolment): StoredEnrolment =>
  row.kioskId === kioskId ? row : { ...row, kioskId, proof: null };

/** Came to nothing: another enrolment may have its lock since, and must not lose it to this one. */
const ended: ReadonlySet<EnrolmentState> = new Set(['refused', 'conflicted', 'abandoned']);

/**
 * What a backend has lost, and is sent again. What had ended is told as that, and not begun again; what had not stays sent: the
 * vendor may have its lock registered, so it is not one that a person may give up.
 */
export const sentAgain = (row: StoredEnrolment, kioskId: string): StoredEnrolment => ({
  ...movedTo(kioskId, row),
  state: ended.has(row.state) ? 'abandoned' : 'submitted',
  problem: null,
  version: 0,
  pending: true,
});

/** A change as the backend is told of it: that something was sent before it finds out itself. */
export const toPushed = (row: StoredEnrolment): EnrolmentDocument => ({
  ...toDocument(row),
  ...(row.state === 'submitted' ? { state: 'captured' as const } : {}),
});

/** The backend answered with another enrolment of the same lock. */
const conflictedRow = (local: StoredEnrolment): StoredEnrolment => ({
  ...local,
  state: 'conflicted',
  problem: { code: 'enrolment.other_kiosk', params: { serialNumber: local.serialNumber } },
  pending: false,
});

/** Two histories of a backend may use a version each in its own way. */
const isSameVersion = (local: StoredEnrolment, master: EnrolmentDocument): boolean =>
  local.version === master.version &&
  local.state === master.state &&
  local.operationId === master.operationId &&
  local.changedAt === master.changedAt;

/** `local` once the backend says that it holds `master`; null where nothing of it changes. */
export const mergedRow = (
  local: StoredEnrolment | undefined,
  master: EnrolmentDocument,
): StoredEnrolment | null => {
  if (!local) return { ...master, pending: false };
  if (!local.pending) return isSameVersion(local, master) ? null : { ...master, pending: false };
  const merged = mergeEnrolment(local, master);
  return merged.take === 'master' ? { ...master, pending: false } : { ...merged.document, pending: true };
};

/** `local`, which may have changed since it was pushed, after the backend's answer; null where nothing of it changes. */
export const settledRow = (
  local: StoredEnrolment | undefined,
  pushed: EnrolmentDocument,
  answer: PushedAnswer,
): StoredEnrolment | null => {
  if (!local) return null;
  const changedSince = local.operationId !== pushed.operationId;
  if (answer.status === 'invalid') return changedSince ? null : refusedRow(local, answer.error);
  const { master } = answer;
  if (master.enrolmentId !== pushed.enrolmentId) return conflictedRow(local);
  if (answer.status === 'conflict' && !changedSince && isFinalRefusal(pushed, master)) {
    return { ...master, pending: false };
  }
  if (answer.status === 'accepted' && !changedSince) return { ...master, pending: false };
  return mergedRow(local, master);
};

export const withoutEvents = ({ unrecorded: _events, ...row }: StoredEnrolment): StoredEnrolment => row;

export const toDocument = ({
  pending: _pending,
  unrecorded: _events,
  ...enrolment
}: StoredEnrolment): EnrolmentDocument => enrolment;
