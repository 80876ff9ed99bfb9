import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFiles } from '#kiosk/page/page-files.ts';
import { pageHeaders } from '#kiosk/page/page-policy.ts';
import { localAuthority } from './local-request.ts';
import type { PageSession } from './page-session.ts';
import { plainPages, sendPlainPage } from './plain-page.ts';

export interface PageServerOptions {
  readonly files: PageFiles;
  readonly session: PageSession;
  readonly port: () => number;
  /** Told when the address was used, so that a new one can be given out. */
  readonly onTokenSpent: () => void;
}

/** Serves the built page to whoever holds a session, and turns the address's token into one. */
export const createPageServer =
  ({ files, session, port, onTokenSpent }: PageServerOptions) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const authority = localAuthority(request, port());
    if (authority === null) {
      sendPlainPage(response, plainPages.wrongHost);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendPlainPage(response, plainPages.notAllowed);
      return;
    }
    const base = `http://${authority}`;
    const target = request.url ?? '/';
    if (!target.startsWith('/') || !URL.canParse(`${base}${target}`)) {
      sendPlainPage(response, plainPages.notFound);
      return;
    }
    const { pathname, searchParams } = new URL(`${base}${target}`);
    const admitted = session.admits(request.headers.cookie);
    // HEAD only looks: a checker of links must not use up the address that a person is about to open.
    const opens = pathname === '/' && request.method === 'GET';
    const token = opens ? searchParams.get('token') : null;
    if (token !== null) {
      const cookie = session.spendToken(token);
      if (cookie !== null) onTokenSpent();
      if (cookie === null && !admitted) {
        sendPlainPage(response, plainPages.noSession);
        return;
      }
      response.writeHead(303, {
        ...pageHeaders("'none'"),
        'cache-control': 'no-store',
        location: '/',
        ...(cookie === null ? {} : { 'set-cookie': cookie }),
      });
      response.end();
      return;
    }
    if (!admitted) {
      sendPlainPage(response, plainPages.noSession);
      return;
    }
    const file = await files.read(pathname);
    if (!file) {
      sendPlainPage(response, pathname === '/' ? plainPages.notBuilt : plainPages.notFound);
      return;
    }
    response.writeHead(200, {
      ...pageHeaders(`'self' ws://${authority}`),
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
      'content-length': file.body.byteLength,
      'content-type': file.mediaType,
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  };
