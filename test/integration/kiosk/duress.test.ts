/** Where somebody is forced, nothing tells: what the page gets is the same, word for word and call by call, by either PIN. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ids, serial, staffRow, storeRow, verifierOf } from '#support/kiosk-rows.ts';
import { KioskUnderTest } from './kiosk-under-test.ts';

const rights = {
  timeZone: 'Europe/Paris',
  roles: [],
  rules: [
    { group: 'Perfume', twoPeople: true, reasons: { choices: [{ code: 'customer', name: 'Customer' }] } },
  ],
};
const bob = { ...staffRow(ids.bob, 'Bob', '0815'), duressPin: verifierOf('661904') };
const ann = { ...staffRow(ids.ann, 'Ann', '4711'), duressPin: verifierOf('930274') };

/** Times and what is drawn by lot are no words; that the same is shown again is no news. */
const plain = (shown: readonly string[]): string[] =>
  shown
    .map((text) =>
      text
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => (Object.values(ids).includes(id as never) ? id : 'ID'))
        .replace(/\b\d{12,13}\b/g, 'TIME')
        .replace(/-\d{6}(?=\.csv)/g, '-TIME')
        .replace(/"(tookMs|skewMs|find|connect|authenticate|actuate)":\d+/g, '"$1":MS')
        .replace(/"fingerprint":"[0-9a-f]{64}"/g, '"fingerprint":"HASH"'),
    )
    .filter((text, at, all) => text !== all[at - 1]);

/** Streams are paced: what changes is shown at once where nothing was just before, and else a moment later. */
const shownBy = (kiosk: KioskUnderTest): Promise<void> => kiosk.clock.advance(1_000);

/** All that a person who is forced can be watched doing; answers with what the page got, and with what the backend did. */
const watch = async (pins: { readonly ann: string; readonly bob: string }, hasRights: boolean) => {
  const kiosk = await KioskUnderTest.create();
  try {
    await kiosk.startReady();
    kiosk.server.backend.put('store', {
      ...storeRow({ duressPin: true }),
      ...(hasRights ? { rights } : {}),
    });
    kiosk.server.backend.put('staff', ann);
    kiosk.server.backend.put('staff', bob);
    await kiosk.call('syncNow', null);
    await kiosk.until('both are here', () => kiosk.view('kiosk').staff.length === 2);
    kiosk.driver.hear(serial);
    await kiosk.until('it is heard', () => kiosk.view('locks').locks[0]?.proximity != null);
    await shownBy(kiosk);
    kiosk.shown.length = 0;
    const answers: unknown[] = [await kiosk.call('signIn', { staffId: ids.ann, pin: pins.ann })];
    const approval = { staffId: ids.bob, pin: pins.bob };
    const asked = { reason: { code: 'customer' }, approval };
    answers.push(await kiosk.call('unlock', { serialNumber: serial, ...(hasRights ? { asked } : {}) }));
    kiosk.driver.hear(serial);
    answers.push(await kiosk.call('readActivity', { filter: {}, before: null }));
    answers.push(await kiosk.call('sumUpActivity', { filter: {} }));
    answers.push(await kiosk.call('checkJournal', null));
    const begun = await kiosk.call('beginExport', { filter: {}, format: 'csv', proof: { pin: pins.ann } });
    answers.push(begun);
    if (begun.ok) {
      const part = await kiosk.call('exportPart', { exportId: begun.value.exportId, part: 0 });
      answers.push(
        part.ok && part.value.text.replace(/[0-9a-f]{64}/g, 'HASH').replace(/\d\d:\d\d:[\d.]+/g, 'TIME'),
      );
    }
    answers.push(await kiosk.call('liftPause', { staffId: ids.ann, by: approval }));
    answers.push(await kiosk.call('syncNow', null));
    await shownBy(kiosk);
    await kiosk.until('all is sent', () => kiosk.view('health').connection.waiting === 0);
    answers.push(await kiosk.call('readActivity', { filter: {}, before: null }));
    answers.push(await kiosk.call('signOut', null));
    await shownBy(kiosk);
    const events = [...kiosk.server.backend.table('accessEvents').values()].map(({ document }) => document);
    return { shown: plain(kiosk.shown), answers: plain(answers.map((each) => JSON.stringify(each))), events };
  } finally {
    await kiosk.stop();
    rmSync(kiosk.dataDir, { recursive: true, force: true });
  }
};

test.each([
  ['with rights', true],
  ['without rights', false],
])(
  'the page gets the same, word for word and call by call; the backend is told who was forced (%s)',
  async (_what, hasRights) => {
    const free = await watch({ ann: '4711', bob: '0815' }, hasRights);
    const forced = await watch({ ann: '930274', bob: '661904' }, hasRights);
    expect(forced.answers).toEqual(free.answers);
    const shownOnce = (all: readonly string[]): string[] => [...new Set(all)].sort();
    expect(shownOnce(forced.shown)).toEqual(shownOnce(free.shown));
    expect(JSON.stringify([forced.shown, forced.answers])).not.toMatch(/duress|forced/i);

    expect(JSON.stringify(free.events)).not.toContain('duress');
    const kinds = (events: readonly object[]): unknown[] =>
      events.map((event) => 'kind' in event && event.kind);
    expect(kinds(forced.events)).toEqual(kinds(free.events));
    const approver = { staffId: ids.bob, method: 'pin', duress: true };
    expect(forced.events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'signed_in', staffId: ids.ann, duress: true }),
        expect.objectContaining({
          kind: 'unlocked',
          staffId: ids.ann,
          duress: true,
          ...(hasRights ? { approver } : {}),
        }),
        expect.objectContaining({ kind: 'activity_exported', duress: true }),
        expect.objectContaining({ kind: 'sign_in_refused', staffId: ids.bob, duress: true }),
      ]),
    );
  },
);
