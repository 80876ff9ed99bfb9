/** A pull of many pages with the machine's own `fetch`: while the kiosk writes one page, the backend makes the next. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createBackendClient } from '#kiosk/backend/client.ts';
import { pullAll } from '#kiosk/data/sync/pull.ts';
import { createSession } from '#kiosk/data/sync/session.ts';
import { createStandstill } from '#kiosk/data/sync/standstill.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { keyRow, storeRow, uuid } from '#support/documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openData } from './open-data.ts';

const serve = async (backend: FakeBackend): Promise<string> => {
  const server = createServer((request, response) => {
    const { method = 'GET', headers, url = '' } = request;
    const authorization = headers.authorization ?? '';
    void backend
      .fetch(`http://backend${url}`, { method, headers: { authorization } })
      .then((answer) => answer.text())
      .then((text) => response.setHeader('content-type', 'application/json').end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** What undici tells whoever listens when the head of a request has gone out. */
const onSent = (told: (path: string) => void): void => {
  const listener = (message: unknown): void =>
    told((message as { readonly request: { readonly path: string } }).request.path);
  subscribe('undici:client:sendHeaders', listener);
  onTestFinished(() => void unsubscribe('undici:client:sendHeaders', listener));
};

test('the next page is asked for before one is written', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  for (let n = 0; n < 2500; n += 1) backend.put('keyCertificates', keyRow(n));
  const backendUrl = await serve(backend);
  const { data } = await openData();
  const { replica } = data;
  const order: string[] = [];
  onSent((path) => {
    const [, after] = /keyCertificates\?after=(\d+)/.exec(path) ?? [];
    if (after !== undefined) order.push(`asked after ${after}`);
  });
  const session = createSession({
    backend: createBackendClient({ fetch: (url, init) => fetch(url, init), clock: systemClock, backendUrl }),
    clock: systemClock,
    auth: {
      kioskId: uuid(1),
      backendKey: backend.publicKey,
      clientAssertion: () => Promise.resolve('assertion'),
    },
  });
  const pulled = await pullAll(
    {
      session,
      replica: Object.assign(Object.create(replica) as typeof replica, {
        applyPage: async (...page: Parameters<typeof replica.applyPage>) => {
          if (page[0] === 'keyCertificates') order.push(`writes ${page[1].length}`);
          await replica.applyPage(...page);
        },
      }),
      onProgress: () => undefined,
      enrolmentQueue: createQueue(),
      standstill: createStandstill(replica),
      logger: silentLogger,
    },
    new AbortController().signal,
  );
  expect(pulled.ok).toBe(true);
  expect(order).toEqual([
    'asked after 0',
    'asked after 1001',
    'writes 1000',
    'asked after 2001',
    'writes 1000',
    'writes 500',
  ]);
});
