/** Registers this kiosk with the backend by a one-time code: makes its keys, says who it is, and keeps the answer. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { routes } from '#shared/http/routes.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';
import { isRefusal, type RequestProblem } from '../backend/answer.ts';
import type { BackendClient } from '../backend/client.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Vault } from './port.ts';

export interface RegistrationOptions {
  readonly vault: Pick<Vault, 'prepareKeys' | 'saveIdentity'>;
  readonly backend: BackendClient;
  readonly logger: Logger;
}

export interface Registration {
  /**
   * `sync.registration_refused` where the backend does not take the code, `sync.unreachable` where there is no answer
   * that can be used; `vault.no_secret_store`. Repeating it with the same code sends the same keys.
   */
  register(request: { code: string; name: string }, signal: AbortSignal): Promise<Result<null>>;
}

export const createRegistration = ({ vault, backend, logger }: RegistrationOptions): Registration => ({
  register: async ({ code, name }, signal) => {
    const keys = await vault.prepareKeys();
    if (!keys.ok) return keys;
    const answer = await backend.call(routes.register, { body: { code, name, ...keys.value } }, signal);
    if (!answer.ok) {
      const { problem } = answer;
      const why = whyOf(problem);
      logger.warn('registration not accepted', { problem: problem.kind, ...(why === null ? {} : { why }) });
      if (isNo(problem)) return fail('sync.registration_refused');
      return fail('sync.unreachable', why === null ? {} : { reason: why });
    }
    const { kioskId, storeId, storeName, owner, backendKey, vendorRoot } = answer.value;
    await vault.saveIdentity({ kioskId, kioskName: name, storeId, storeName, owner, backendKey, vendorRoot });
    logger.info('kiosk registered', { kioskId, storeId });
    return ok(null);
  },
});

/** Too many tries and everything from 500 on may be otherwise in a while; the rest is the backend's no. */
const isNo = (problem: RequestProblem): boolean =>
  isRefusal(problem) ||
  problem.kind === 'too_large' ||
  (problem.kind === 'unreachable' && problem.isDenied === true);

const whyOf = (problem: RequestProblem): NoAnswer | null =>
  'why' in problem ? (problem.why ?? null) : problem.kind === 'silent' ? null : 'unavailable';
