import { tokenAudience, type AssertionAudience } from '#shared/http/contract.ts';
import type { RouteValue } from '#shared/http/define.ts';
import { routes } from '#shared/http/routes.ts';
import type { Outcome, RequestProblem } from './answer.ts';
import type { BackendClient } from './client.ts';

/** Exchanges a client assertion (RFC 7523) for a token. `assert` signs a new one, good for this one purpose. */
export const askForToken = async (
  backend: BackendClient,
  assert: (audience: AssertionAudience) => Promise<string>,
  signal: AbortSignal,
): Promise<Outcome<RouteValue<typeof routes.token>, RequestProblem>> =>
  backend.call(
    routes.token,
    {
      body: {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assert(tokenAudience),
      },
    },
    signal,
  );
