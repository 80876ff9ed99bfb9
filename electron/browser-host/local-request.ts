import type { IncomingMessage } from 'node:http';

/**
 * The authority that a request addresses, if it is this server's own on loopback; else null. A page of another site that
 * lets its own name point at 127.0.0.1 (DNS rebinding) is known by its name in the `Host` header.
 */
export const localAuthority = (request: IncomingMessage, port: number): string | null => {
  const { host } = request.headers;
  return host === `127.0.0.1:${port}` || host === `localhost:${port}` ? host : null;
};

/** Whether a request comes from this server's own page. Only browsers send an `Origin`, and they don't let a page forge it. */
export const isFromOwnPage = (request: IncomingMessage, authority: string): boolean =>
  request.headers.origin === `http://${authority}`;
