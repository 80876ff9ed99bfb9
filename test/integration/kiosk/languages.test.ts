/** What the page is told of languages, and in which order the kiosk puts names. */
import { expect } from 'vitest';
import { ids, lockRow, staffRow, storeRow } from '#support/kiosk-rows.ts';
import { kioskTest } from './kiosk-under-test.ts';

const test = kioskTest.extend(
  'changed',
  ({ kiosk }) =>
    async (
      collection: 'store' | 'staff' | 'locks',
      ...rows: readonly Readonly<Record<string, unknown>>[]
    ): Promise<void> => {
      for (const row of rows) kiosk.server.backend.put(collection, row);
      await kiosk.call('syncNow', null);
    },
);

test('the page is told the store’s language and that of whoever is signed in, as soon as either is set', async ({
  kiosk,
  changed,
}) => {
  await kiosk.startReady();
  expect(kiosk.view('kiosk').language).toBeUndefined();
  await changed('store', { ...storeRow(), language: 'es' });
  await kiosk.until('it is Spanish', () => kiosk.view('kiosk').language === 'es');
  await kiosk.signIn();
  await kiosk.until('somebody is signed in', () => kiosk.view('kiosk').session !== null);
  expect(kiosk.view('kiosk').session?.language).toBeUndefined();
  await changed('staff', { ...staffRow(ids.ann, 'Ann', '4711'), language: 'fr' });
  await kiosk.until('it is French', () => kiosk.view('kiosk').session?.language === 'fr');
  // One that only a later release speaks is none, and takes nothing along.
  await changed('store', { ...storeRow(), name: 'Plaza', language: 'it' });
  await kiosk.until('the store has its new name', () => kiosk.view('kiosk').storeName === 'Plaza');
  expect(kiosk.view('kiosk').language).toBeUndefined();
});

test('names stand in the order of the store’s language', async ({ kiosk, changed }) => {
  await kiosk.startReady();
  const names = ['Ola', 'Ñu', 'Nube 10', 'Nube 2'];
  await changed(
    'locks',
    ...names.map((name, at) => ({ ...lockRow(`0000051a0000010${at}`), name, group: name })),
  );
  const order = (): string =>
    kiosk
      .view('locks')
      .locks.map(({ name }) => name)
      .filter((name) => names.includes(name))
      .join();
  await kiosk.until('English order', () => order() === 'Ñu,Nube 2,Nube 10,Ola');
  await changed('store', { ...storeRow(), language: 'es' });
  await kiosk.until('Spanish order', () => order() === 'Nube 2,Nube 10,Ñu,Ola');
  const groups = (): string =>
    kiosk
      .view('enrolments')
      .groups.filter((group) => names.includes(group))
      .join();
  await kiosk.until('the groups, too', () => groups() === 'Nube 2,Nube 10,Ñu,Ola');
});
