import type { ServerResponse } from 'node:http';
import { pageHeaders } from '#kiosk/page/page-policy.ts';

/** What a person sees who has no session; in words, without a script. */
export const plainPages = {
  noSession: {
    status: 403,
    title: 'This kiosk needs its own address',
    text:
      'The address that opens the kiosk is good once. It is printed where the kiosk was started: in the terminal, ' +
      'and in the air panel of a simulated store. If it was used already, the next one was printed in the same place.',
  },
  notFound: {
    status: 404,
    title: 'There is nothing here',
    text: 'The kiosk is at the start of this address.',
  },
  notBuilt: {
    status: 503,
    title: 'The page has not been built yet',
    text: 'The kiosk itself is running. Run "npm run build" and load this page again.',
  },
  notAllowed: { status: 405, title: 'Only reading is possible here', text: 'The page is read with GET.' },
  wrongHost: {
    status: 421,
    title: 'This kiosk answers on loopback only',
    text: 'Use the address that was printed where the kiosk was started.',
  },
} as const;

export type PlainPage = (typeof plainPages)[keyof typeof plainPages];

export const sendPlainPage = (response: ServerResponse, { status, title, text }: PlainPage): void => {
  response.writeHead(status, {
    ...pageHeaders("'none'"),
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`,
  );
};
