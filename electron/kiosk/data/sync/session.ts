/** Speaks to the backend as this kiosk: gets a token by client assertion, renews it before it lapses, once anew on 401. */
import type { AssertionAudience, PublicJwk } from '#shared/http/contract.ts';
import type { RouteDefinition, RouteValue } from '#shared/http/define.ts';
import type { BackendClient, RouteInput } from '../../backend/client.ts';
import { askForToken } from '../../backend/token.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OpenPin } from './sealed-pins.ts';
import { answered, failed, type Answer } from './answer.ts';

/** What a registered kiosk proves itself with. */
export interface SyncAuth {
  readonly kioskId: string;
  readonly backendKey: PublicJwk;
  /** A new signed assertion (RFC 7523) at each call, good for this one purpose. */
  clientAssertion(audience: AssertionAudience): Promise<string>;
  /** Opens a PIN verifier that is sealed to this kiosk. Without it none is asked for. */
  readonly openPin?: OpenPin;
  /** The backend wants the kiosk to take new keys. */
  readonly rotationWanted?: () => void;
}

export interface BackendSessionOptions {
  readonly backend: BackendClient;
  readonly clock: Clock;
  readonly auth: SyncAuth;
}

export interface BackendSession {
  readonly kioskId: string;
  readonly openPin: OpenPin | null;
  token(signal: AbortSignal): Promise<Answer<string>>;
  /** The token was not taken: the next call gets another. */
  dropToken(): void;
  call<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    signal: AbortSignal,
  ): Promise<Answer<RouteValue<R>>>;
}

/** A token is renewed when a fifth of its time is left, so that no request is sent with one about to lapse. */
const renewAtShare = 0.8;

export const createSession = (options: BackendSessionOptions): BackendSession => {
  const { backend, clock, auth } = options;
  let current: { readonly token: string; readonly renewAt: number } | null = null;
  let asking: Promise<Answer<string>> | null = null;

  const ask = async (signal: AbortSignal): Promise<Answer<string>> => {
    const answer = await askForToken(backend, (audience) => auth.clientAssertion(audience), signal);
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

  const callOnce: BackendSession['call'] = async (route, input, signal) => {
    const granted = await token(signal);
    return granted.ok ? backend.call(route, { ...input, token: granted.value }, signal) : granted;
  };

  return {
    kioskId: auth.kioskId,
    openPin: auth.openPin ?? null,
    token,
    dropToken,
    call: async (route, input, signal) => {
      const first = await callOnce(route, input, signal);
      if (first.ok || first.problem.kind !== 'unauthorised') return first;
      dropToken();
      const second = await callOnce(route, input, signal);
      return !second.ok && second.problem.kind === 'unauthorised' ? failed({ kind: 'refused' }) : second;
    },
  };
};
