/** Registers this kiosk with the backend by a one-time code: makes its keys, says who it is, and keeps the answer. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { registerAnswerSchema, routes, type RegisterRequest } from '#shared/http/contract.ts';
import type { Fetch } from '../platform/http.ts';
import type { Logger } from '../platform/logger.ts';
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

  const ask = async (body: RegisterRequest, signal: AbortSignal): Promise<Response | null> => {
    try {
      return await fetch(backendUrl + routes.register, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
    } catch {
      // `Fetch` rejects only where there was no answer.
      return null;
    }
  };

  return {
    register: async ({ code, name }, signal) => {
      const keys = await vault.prepareKeys();
      if (!keys.ok) return keys;
      const response = await ask({ code, name, ...keys.value }, signal);
      if (!response) return fail('sync.unreachable');
      if (!response.ok) {
        logger.warn('registration not accepted', { status: response.status });
        return fail(isRefusal(response.status) ? 'sync.registration_refused' : 'sync.unreachable');
      }
      const answer = registerAnswerSchema.safeParse(await response.json().catch(() => null));
      if (!answer.success) {
        logger.error('registration answer not understood', { status: response.status });
        return fail('sync.unreachable');
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
