import type { PageFiles } from '#kiosk/page/page-files.ts';
import { pageHeaders } from '#kiosk/page/page-policy.ts';
import { pageOrigin, pageScheme } from './page-origin.ts';

/** What is used of Electron's `protocol`. */
export interface ProtocolPort {
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
}

/** To be registered before `ready`: a scheme with an origin of its own, held to the same rules as https. */
export const pageSchemePrivileges = {
  scheme: pageScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

/** Serves the built page, and nothing else, under `app://kiosk`. */
export const servePageScheme = (protocol: ProtocolPort, files: PageFiles): void => {
  protocol.handle(pageScheme, async (request) => {
    const { protocol: scheme, host, pathname } = new URL(request.url);
    if (`${scheme}//${host}` !== pageOrigin || (request.method !== 'GET' && request.method !== 'HEAD')) {
      return new Response(null, { status: 403 });
    }
    const file = await files.read(pathname);
    if (!file) return new Response(null, { status: 404, headers: pageHeaders("'none'") });
    return new Response(file.body, {
      headers: { ...pageHeaders("'none'"), 'content-type': file.mediaType, 'cache-control': 'no-store' },
    });
  });
};
