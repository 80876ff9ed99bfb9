/** What becomes of an enrolment's row where more happens to it than that it is replaced. Pure. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { EnrolmentRow } from './schemas.ts';

/** Never stored by the backend, so it can't go on; but a lock that holds its key is not made to look otherwise. */
export const refusedRow = (local: EnrolmentRow, problem: AppError): EnrolmentRow =>
  local.state === 'provisioned'
    ? { ...local, pending: false }
    : { ...local, state: 'refused', problem, pending: false };

export const capturedAgain = (row: EnrolmentRow, kioskId: string): EnrolmentRow => ({
  ...row,
  kioskId,
  state: 'captured',
  problem: null,
  version: 0,
  pending: true,
});

/** The backend answered with another enrolment of the same lock. */
export const conflictedRow = (local: EnrolmentRow): EnrolmentRow => ({
  ...local,
  state: 'conflicted',
  problem: { code: 'enrolment.other_kiosk', params: { serialNumber: local.serialNumber } },
  pending: false,
});

export const withoutEvents = ({ unrecorded: _events, ...row }: EnrolmentRow): EnrolmentRow => row;

export const toDocument = ({
  pending: _pending,
  unrecorded: _events,
  ...enrolment
}: EnrolmentRow): EnrolmentDocument => enrolment;
