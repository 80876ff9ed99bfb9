/** What an operator is answered where a call has found nothing, or has failed. */
import type { Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { InPath, Missing, MissingParts } from '../admin/missing.ts';
import { appError } from '../platform/app-error.ts';
import { HttpFailure } from './failures.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  'operator.bad_value': 400,
  'staff.weak_pin': 422,
  'sync.unreachable': 503,
};
/** What is missing; looked for only where a call has found nothing. */
type Lookup = Missing | (() => Promise<Missing>);
/** Answers 404. */
export const answerNotFound = async (what: Lookup): Promise<never> => {
  throw new HttpFailure(
    404,
    appError('operator.not_found', { what: typeof what === 'string' ? what : await what() }),
  );
};
/** The value of a result; where it has failed, its error is answered with the status that is its own. */
export const valueOf = async <T>(result: Result<T>, what: Lookup): Promise<T> => {
  if (result.ok) return result.value;
  if (result.error.code === 'enrolment.not_found') return answerNotFound(what);
  throw new HttpFailure(statuses[result.error.code] ?? 409, result.error);
};
export const requireFound = async (found: boolean, what: Lookup): Promise<void> => {
  if (!found) await answerNotFound(what);
};

/** What has to be looked up before an operator can be told that it is missing. */
export const createLookups = (missing: MissingParts) => ({
  missingAt: (path: InPath, what: Missing) => (): Promise<Missing> => missing.find(path, what),
  /** An empty list of a store that is not there would be taken for a store without any. */
  ofStore: async <T>(storeId: string, list: () => Promise<T>): Promise<T> => {
    await requireFound(await missing.hasStore(storeId), 'store');
    return list();
  },
});
