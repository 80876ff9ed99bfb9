/** Registers this kiosk with the backend by a one-time code: makes its keys, says who it is, and keeps the answer. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { registerAnswerSchema, type RegisterRequest } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';
import type { Fetch } from '../platform/http.ts';
import type { Logger } from '../platform/logger.ts';
import { whyNoAnswer } from '../platform/why-no-answer.ts';
import type { Vault } from './port.ts';

export interface RegistrationOptions {
  readonly vault: Vault;
  readonly fetch: Fetch;
  /** Without a trailing slash. */
  readonly backendUrl: string;
  readonly logger: Logger;
}

export interface Registration {
  /**
   * `sync.registration_refused` where the backend does not take the code, `sync.unreachable` where there is no answer
   * that can be used; `vault.no_secret_store`. Repeating it with the same code sends the same keys.
   */
  register(request: { code: string; name: string }, signal: AbortSignal): Promise<Result<null>>;
}

export const createRegistration = (options: RegistrationOptions): Registration => {
  const { vault, fetch, backendUrl, logger } = options;

  const ask = async (body: RegisterRequest, signal: AbortSignal): Promise<Result<Response>> => {
    try {
      const response = await fetch(backendUrl + routes.register.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
      return ok(response);
    } catch (error) {
      // `Fetch` rejects only where there was no answer.
      return noAnswer(whyNoAnswer(error));
    }
  };

  const noAnswer = (why: NoAnswer | null): Result<never> => {
    logger.warn('registration had no answer', why === null ? {} : { why });
    return fail('sync.unreachable', why === null ? {} : { reason: why });
  };

  return {
    register: async ({ code, name }, signal) => {
      const keys = await vault.prepareKeys();
      if (!keys.ok) return keys;
      const asked = await ask({ code, name, ...keys.value }, signal);
      if (!asked.ok) return asked;
      const response = asked.value;
      if (!response.ok) {
        logger.warn('registration not accepted', { status: response.status });
        if (response.status === 407) return noAnswer('proxy');
        return isRefusal(response.status) ? fail('sync.registration_refused') : noAnswer('unavailable');
      }
      const answer = registerAnswerSchema.safeParse(await response.json().catch(() => null));
      if (!answer.success) {
        logger.error('registration answer not understood', { status: response.status });
        return noAnswer('portal');
      }
      const { kioskId, storeId, storeName, owner, backendKey, vendorRoot } = answer.data;
      await vault.saveIdentity({
        kioskId,
        kioskName: name,
        storeId,
        storeName,
        owner,
        backendKey,
        vendorRoot,
      });
      logger.info('kiosk registered', { kioskId, storeId });
      return ok(null);
    },
  };
};

/** Too many tries (429) and everything from 500 on may be otherwise in a while; the rest is the backend's no. */
const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 429 && status !== 408;
