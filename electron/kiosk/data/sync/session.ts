/** Speaks to the backend as this kiosk: gets a token by client assertion, renews it before it lapses, once anew on 401. */
import type { z } from 'zod';
import { tokenAnswerSchema, tokenAudience } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import type { AssertionAudience, PublicJwk } from '#shared/http/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Fetch, FetchInit } from '../../platform/http.ts';
import { answered, failed, type Answer } from './answer.ts';
import { request } from './request.ts';

/** What a registered kiosk proves itself with. */
export interface SyncAuth {
  readonly kioskId: string;
  readonly backendKey: PublicJwk;
  /** A new signed assertion (RFC 7523) at each call, good for this one purpose. */
  clientAssertion(audience: AssertionAudience): Promise<string>;
  /** The backend wants the kiosk to take new keys. */
  readonly rotationWanted?: () => void;
}

export interface SessionOptions {
  readonly backendUrl: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly auth: SyncAuth;
}

export interface Session {
  readonly kioskId: string;
  token(signal: AbortSignal): Promise<Answer<string>>;
  /** The token was not taken: the next call gets another. */
  dropToken(): void;
  call<T>(
    path: string,
    init: Pick<FetchInit, 'method' | 'body'>,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<Answer<T>>;
}

/** A token is renewed when a fifth of its time is left, so that no request is sent with one about to lapse. */
const renewAtShare = 0.8;

export const createSession = (options: SessionOptions): Session => {
  const { backendUrl, fetch, clock, auth } = options;
  let current: { readonly token: string; readonly renewAt: number } | null = null;
  let asking: Promise<Answer<string>> | null = null;

  const ask = async (signal: AbortSignal): Promise<Answer<string>> => {
    const body = JSON.stringify({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await auth.clientAssertion(tokenAudience),
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const answer = await request(
      { fetch, clock },
      backendUrl + routes.token.path,
      init,
      tokenAnswerSchema,
      signal,
    );
    if (!answer.ok) {
      // The assertion itself was not believed: another one now would not be either.
      return answer.problem.kind === 'unauthorised' ? failed({ kind: 'refused' }) : answer;
    }
    const { access_token: token, expires_in: seconds, rotate_keys: rotationWanted } = answer.value;
    if (rotationWanted === true) auth.rotationWanted?.();
    current = { token, renewAt: clock.sinceBoot() + seconds * 1000 * renewAtShare };
    return answered(token);
  };

  const token = async (signal: AbortSignal): Promise<Answer<string>> => {
    if (current && clock.sinceBoot() < current.renewAt) return answered(current.token);
    // Pull, push and stream share one request for a token.
    asking ??= ask(signal).finally(() => {
      asking = null;
    });
    return asking;
  };

  const dropToken = (): void => {
    current = null;
  };

  const callOnce: Session['call'] = async (path, init, schema, signal) => {
    const granted = await token(signal);
    if (!granted.ok) return granted;
    const headers = {
      authorization: `Bearer ${granted.value}`,
      accept: 'application/json',
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return request({ fetch, clock }, backendUrl + path, { ...init, headers }, schema, signal);
  };

  return {
    kioskId: auth.kioskId,
    token,
    dropToken,
    call: async (path, init, schema, signal) => {
      const first = await callOnce(path, init, schema, signal);
      if (first.ok || first.problem.kind !== 'unauthorised') return first;
      dropToken();
      const second = await callOnce(path, init, schema, signal);
      return !second.ok && second.problem.kind === 'unauthorised' ? failed({ kind: 'refused' }) : second;
    },
  };
};
