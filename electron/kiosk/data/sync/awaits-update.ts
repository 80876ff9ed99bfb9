/** What a backend of an earlier release turns away is nothing that can never be stored: a later one may take it. It waits. */
import type { PushAnswer, PushResult } from '#shared/http/contract.ts';
import { modelsRevision } from '#shared/models/documents.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { failed, type Answer, type Problem } from './answer.ts';

/** Whether a row waits until the backend that said this can read as much as this kiosk. */
export const awaitsUpdate =
  (said: PushAnswer) =>
  ({ status }: PushResult): boolean =>
    status === 'invalid' && (said.modelsRevision ?? 0) < modelsRevision;

const problem: Problem = { kind: 'unreachable', retryAfterMs: null, isDenied: true };
export const isNotYet = (other: Problem): boolean => other === problem;

export const notYet = (logger: Logger, collection: 'enrolments' | 'accessEvents'): Answer<never> => {
  logger.warn('the backend is of an earlier release, and turns rows away', { collection });
  return failed(problem);
};
