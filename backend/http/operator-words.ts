/**
 * What went wrong with an operator's call, in codes of its own: those that kiosks know speak of a page, an enrolment and a kiosk's
 * contact. Kiosks are answered as before.
 */
import type { FastifyRequest } from 'fastify';
import { codeOf } from '#shared/errors/thrown.ts';
import { appError } from '../platform/app-error.ts';
import { HttpFailure } from './failures.ts';

/** Where all calls of operators are. */
const operatorPath = '/v1/admin';
/** What an error's parameters hold at the most is 300 characters. */
const longestPath = 200;

/** Fastify's own refusals of a body. */
const bodyProblems: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'content_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'not_json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
};

/** `failure` as an operator is told it; `thrown` is what it was made of. */
export const toOperator = (failure: HttpFailure, thrown: unknown): HttpFailure => {
  const { status, error, retryAfterMs } = failure;
  const as = (...[code, params]: Parameters<typeof appError>): HttpFailure =>
    new HttpFailure(status, appError(code, params), retryAfterMs);
  if (error.code === 'sync.refused')
    return as(status === 429 ? 'operator.too_many_tries' : 'operator.wrong_token');
  if (error.code !== 'ipc.bad_request') return failure;
  if (thrown instanceof HttpFailure) return as('operator.bad_value', error.params);
  return as('operator.bad_body', { problem: bodyProblems[codeOf(thrown)] ?? 'not_json' });
};

/** That there is no such call; null where it is not one of an operator's paths. */
export const noSuchCall = ({ method, url }: FastifyRequest): HttpFailure | null => {
  const path = url.split('?')[0] ?? '';
  if (path !== operatorPath && !path.startsWith(`${operatorPath}/`)) return null;
  return new HttpFailure(
    404,
    appError('operator.no_such_call', { method, path: path.slice(0, longestPath) }),
  );
};
