import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadPageFiles } from '#kiosk/page/page-files.ts';
import { fileFolderTest } from '#support/folder-test.ts';
import { createNetFetch } from './net-fetch.ts';
import { servePageScheme } from './protocol.ts';

const it = fileFolderTest
  .extend('serve', { scope: 'file' }, async ({ folder }) => {
    await mkdir(join(folder, 'page/assets'), { recursive: true });
    await writeFile(join(folder, 'page/index.html'), '<!doctype html>');
    await writeFile(join(folder, 'page/assets/index-abc.js'), 'export {};');
    await writeFile(join(folder, 'page/.env'), 'SECRET=1');
    await writeFile(join(folder, 'outside.html'), 'outside');
    let serve: (request: Request) => Promise<Response> = () => Promise.reject(new Error('not served'));
    servePageScheme(
      { handle: (_scheme, handler) => (serve = handler) },
      await loadPageFiles(join(folder, 'page')),
    );
    return serve;
  })
  /** `Request` in Node takes no scheme of one's own; only its URL and method are used. */
  .extend('ask', ({ serve }) => (url: string, method = 'GET') => {
    const request = new Request('http://placeholder/', { method });
    return serve(Object.defineProperty(request, 'url', { value: url }));
  });

it('serves the page with its policy, and no connection to anywhere', async ({ ask }) => {
  const response = await ask('app://kiosk/');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-security-policy')).toContain("connect-src 'none'");
  expect((await ask('app://kiosk/assets/index-abc.js')).headers.get('content-type')).toContain('javascript');
});

it.for([
  'app://kiosk/.env',
  'app://kiosk/../outside.html',
  'app://kiosk/%2e%2e/outside.html',
  'app://kiosk/assets',
])('has no %s', async (url, { ask }) => {
  expect((await ask(url)).status).toBe(404);
});

it('serves no other host, scheme or method', async ({ ask }) => {
  for (const url of ['app://other/', 'app://kiosk.evil/', 'https://kiosk/'])
    expect((await ask(url)).status).toBe(403);
  expect((await ask('app://kiosk/', 'POST')).status).toBe(403);
});

it('fetches without cache, cookies or redirects', async () => {
  const seen: unknown[] = [];
  const netFetch = createNetFetch({
    fetch: (url, init) => {
      seen.push({ url, ...init });
      return Promise.resolve(new Response('ok'));
    },
  });
  await netFetch('https://backend.example/v1', { method: 'POST', body: '{}' });
  expect(seen).toMatchObject([
    { method: 'POST', body: '{}', cache: 'no-store', credentials: 'omit', redirect: 'error' },
  ]);
});
