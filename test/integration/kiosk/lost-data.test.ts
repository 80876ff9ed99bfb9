/** The data of a registered kiosk is gone: it goes on, and everybody who has to know is told. */
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { accessEventSchema } from '#shared/models/access-event.ts';
import { kioskTest } from './kiosk-under-test.ts';

const test = kioskTest.extend(
  'delivered',
  ({ kiosk }) =>
    () =>
      [...kiosk.server.backend.table('accessEvents').values()].map(({ document: { version, ...event } }) => {
        expect(version).toBeTypeOf('number');
        return accessEventSchema.parse(event);
      }),
);

test.for([
  ['emptied', (file: string) => truncateSync(file, 0)],
  ['removed', (file: string) => rmSync(file)],
] as const)(
  'whose file was %s beside its identity begins a journal that says so, once',
  async ([_how, lose], { kiosk, delivered }) => {
    await kiosk.startReady();
    await kiosk.signIn();
    await kiosk.until('sent', () => delivered().some(({ kind }) => kind === 'signed_in'));
    await kiosk.stop();
    lose(join(kiosk.dataDir, 'kiosk.db'));
    await kiosk.start();
    expect(kiosk.view('kiosk').notice).toEqual({ code: 'storage.lost', params: {} });
    await kiosk.until('told', () => delivered().some(({ kind }) => kind === 'events_lost'));
    expect(delivered().filter(({ kind }) => kind === 'events_lost')).toMatchObject([
      { sequence: 1, errorCode: 'storage.lost', staffId: null },
    ]);
    await kiosk.until('the key is here again', () => kiosk.view('locks').locks[0]?.opensOfflineUntil != null);
    await kiosk.stop();
    await kiosk.start();
    expect(kiosk.view('kiosk').notice).toBeNull();
  },
);

test('registered just now, with nothing to keep yet, it has lost nothing', async ({ kiosk }) => {
  kiosk.server.backend.fault = (route: string) => (route === 'POST /v1/kiosks' ? null : 'unreachable');
  await kiosk.start({ code: 'ABCD-EFGH-JKLM-NPQR' });
  await kiosk.until('registered', () => kiosk.view('kiosk').phase === 'ready');
  await kiosk.stop();
  await kiosk.start();
  expect(kiosk.view('kiosk').notice).toBeNull();
});
