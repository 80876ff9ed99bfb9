/** The journals of a store as the back office takes them away: the table, and the signed file that anybody can check. */
import { expect } from 'vitest';
import { z } from 'zod';
import { verifyJournal } from '../../../build/verify-journal/verify.ts';
import { tableHead } from '#shared/journal/table.ts';
import { chainPages, pieceOf } from '#backend/journal-export/pages.ts';
import { createJournalWriter } from './journal-writer.ts';
import { lockTest } from './store-test.ts';
import { adminToken } from './world.ts';

const test = lockTest.extend('scene', ({ world, storeId }) => {
  const take = async (query: string): Promise<{ status: number; type: string | null; text: string }> => {
    const url = `${world.backend.url}/v1/admin/stores/${storeId}/journal-export${query}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${adminToken}` } });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  const fingerprint = async (): Promise<string> => {
    const { body } = await world.admin('GET', `/stores/${storeId}/kiosks`);
    return z.looseObject({ backendFingerprint: z.string() }).parse(body).backendFingerprint;
  };
  return { take, fingerprint };
});
const lines = (text: string): string[] => text.split('\r\n').filter((line) => line !== '');

test('more events than a page has come as one table and as one signed file, which is in order', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  scene: { take, fingerprint },
}) => {
  const start = Date.UTC(2026, 2, 4, 9);
  let now = start;
  const journal = createJournalWriter(kiosk, () => now);
  const staffId = crypto.randomUUID();
  await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: '=Ada', pin: '582047' });
  const events = Array.from({ length: 1_201 }, (_, n) => {
    now = start + n * 1_000;
    return journal.one(n === 600 ? { serialNumber, staffId, duress: true } : {});
  });
  for (let n = 0; n < events.length; n += 100) await kiosk.push('accessEvents', events.slice(n, n + 100));

  const csv = await take('');
  expect(csv).toMatchObject({ status: 200, type: 'text/csv; charset=utf-8' });
  const [head = '', ...rows] = lines(csv.text);
  // Those of a kiosk, and the one that no kiosk shows.
  expect(`\ufeff${head}\r\n`).toBe(tableHead.replace('\r\n', ',duress\r\n'));
  expect(rows).toHaveLength(events.length);
  expect(rows[600]).toContain("'=Ada");
  expect(rows[600]).toContain(`"=""${serialNumber}"""`);
  expect(rows.filter((row) => row.endsWith(',person'))).toHaveLength(1);

  const key = await fingerprint();
  const json = await take(`?as=json&kiosk=${kiosk.kioskId}`);
  expect(json).toMatchObject({ status: 200, type: 'application/json' });
  const all = verifyJournal(json.text, key);
  expect(all).toMatchObject({ faults: [], fingerprint: key });
  expect(all).toMatchObject({
    statement: { signer: 'backend', kioskId: kiosk.kioskId, events: 1_201, first: 1, last: 1_201 },
  });
  const broken = verifyJournal(json.text.replace('"duress":true', '"duress":null'), key);
  expect(broken).not.toMatchObject({ faults: [] });

  const range = `&from=${start + 100_000}&until=${start + 200_000}`;
  expect(lines((await take(`?as=csv${range}`)).text)).toHaveLength(101);
  const piece = verifyJournal((await take(`?as=json&kiosk=${kiosk.kioskId}${range}`)).text, key);
  expect(piece).toMatchObject({ faults: [], statement: { events: 100, first: 101, last: 200 } });
  const none = verifyJournal((await take(`?as=json&kiosk=${kiosk.kioskId}&until=1`)).text, key);
  expect(none).toMatchObject({ faults: [], statement: { events: 0, first: null } });
});

test('a gap that fills while the signed file is handed out changes nothing of it', async ({
  world,
  storeId,
  kiosk,
  db,
}) => {
  const journal = createJournalWriter(kiosk);
  const events = Array.from({ length: 1_101 }, () => journal.one({}));
  const late = events.splice(700, 20);
  for (let n = 0; n < events.length; n += 100) await kiosk.push('accessEvents', events.slice(n, n + 100));
  const wanted = { tenantId: world.config.tenantId, storeId, kioskId: kiosk.kioskId };
  const pages = chainPages(db, wanted, await pieceOf(db, wanted));
  const first = await pages.next();
  const given = first.done === true ? [] : [...first.value];
  // By an instance whose clock is behind.
  world.clock.offsetMs = -3_600_000;
  await kiosk.push('accessEvents', late);
  world.clock.offsetMs = 0;
  for await (const page of pages) given.push(...page);
  expect(given.map(({ sequence }) => sequence)).toEqual(events.map(({ sequence }) => sequence));
  expect((await pieceOf(db, wanted)).events).toBe(1_101);
});

test('a journal that was begun again is handed out whole and alone, however the clocks of instances differ', async ({
  world,
  db,
  storeId,
  kiosk,
}) => {
  const [ended, present] = [createJournalWriter(kiosk), createJournalWriter(kiosk)];
  for (const [journal, offsetMs] of [
    [ended, 120_000],
    [present, 60_000],
    [present, 0],
  ] as const) {
    world.clock.offsetMs = offsetMs;
    await kiosk.push('accessEvents', journal.next(3));
  }
  const wanted = { tenantId: world.config.tenantId, storeId, kioskId: kiosk.kioskId };
  expect(await pieceOf(db, wanted)).toMatchObject({ first: 1, last: 6, events: 6 });
});

test('a signed file is of one kiosk, and each that is taken is in the journal of operators', async ({
  world,
  storeId,
  kiosk,
  scene: { take },
}) => {
  const refused = await take('?as=json');
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('a signed file is of one kiosk');
  expect((await take('?as=xlsx')).status).toBe(400);
  await take(`?kiosk=${kiosk.kioskId}`);
  expect((await world.admin('GET', '/journal?limit=1')).body).toMatchObject({
    acts: [{ act: 'journal_exported', on: { storeId, kioskId: kiosk.kioskId }, outcome: 'done' }],
  });
});
