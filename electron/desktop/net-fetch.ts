import type { Fetch } from '#kiosk/platform/http.ts';

/** What is used of a `Session`. */
export interface FetchingSession {
  fetch(url: string, init: RequestInit & { bypassCustomProtocolHandlers?: boolean }): Promise<Response>;
}

/**
 * HTTP through the engine's network stack, in a session of its own: it takes the system's proxy and trust store, which
 * Node's `fetch` does not know. Nothing is cached, no cookie is kept, no redirect is followed.
 */
export const createNetFetch =
  (session: FetchingSession): Fetch =>
  (url, init) =>
    session.fetch(url, {
      ...init,
      bypassCustomProtocolHandlers: true,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
