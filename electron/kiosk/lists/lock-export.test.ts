/** A list of the store's locks: who gets it, that it is on record, and that spreadsheets leave it as it is. */
import { expect, test } from 'vitest';
import { readSheet } from '#support/read-workbook.ts';
import { createRightsBench, pins, rightsOf } from '#support/rights-bench.ts';
import { ids, lockRow } from '#support/kiosk-rows.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { CallInput } from '#shared/ipc/contract.ts';
import type { OwnProof } from '#shared/ipc/sign-in-calls.ts';
import { shownCell } from '#shared/lists/cells.ts';
import { readCsv } from '#shared/lists/csv.ts';
import { createLockExport } from './lock-export.ts';

const there = new AbortController().signal;
/** Noon in Paris, on the day on which the bench's clock stands. */
const noon = Date.UTC(2026, 0, 5, 11);
const place = '60000000-0000-4000-8000-000000000001';
const rights = rightsOf([], { timeZone: 'Europe/Paris' });
/** As spreadsheets would make other things of them: 5.1e12, a day, a formula. */
const serials = ['0000051e00000005', '0000051a00000007', '1234567812345670'] as const;
const heard: Readonly<Record<string, { at: number; percent: number | null }>> = {
  [serials[0]]: { at: noon - 1_000, percent: 81 },
  [serials[1]]: { at: noon, percent: null },
};

const open = async () => {
  const bench = await createRightsBench({ ann: { roles: ['manager'] }, rights });
  const { data, staff, judge, journal } = bench;
  data.pull({
    locks: [
      lockRow(serials[2], { name: serials[2], group: '', place: null }),
      lockRow(serials[0], { name: '=1+1', group: 'MAR1', place }),
      lockRow(serials[1], { name: 'Case 10', group: 'MAR1' }),
    ],
    keys: [],
  });
  await staff.signIn(ids.ann, pins.ann);
  const options = {
    storeLocks$: bench.storeLocks$,
    staff,
    judge,
    journal,
    clock: { now: () => noon },
    batteries: { heardOf: (serialNumber: string) => heard[serialNumber] ?? null },
  };
  const list = createLockExport(options);
  const take = (
    format: 'csv' | 'xlsx' = 'csv',
    proof: OwnProof = { pin: pins.ann },
    language: CallInput<'exportLocks'>['language'] = 'en',
  ) => list.take(ids.ann, { format, proof, language }, there);
  const taken = () => data.events.filter(({ kind }) => kind === 'locks_exported');
  return { ...bench, options, list, take, taken };
};
type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['take']>>;
const bytesOf = (answer: Answer): Buffer => {
  if (!answer.ok) throw new Error(answer.error.code);
  return Buffer.from(answer.value.file, 'base64');
};
const isListed = ([serialNumber]: readonly unknown[]): boolean =>
  serials.includes(serialNumber as (typeof serials)[number]);

test('holds each lock by group and name, with place, battery and when it was heard by the store’s clock', async () => {
  const { take, taken } = await open();
  const answer = await take();
  const all = (answer.ok ? answer.value.locks : 0) + 1;
  expect(answer).toMatchObject({ ok: true, value: { fileName: 'latchpoint-locks-2026-01-05-120000.csv' } });
  const text = bytesOf(answer).toString();
  expect(text.startsWith('\ufeffSerial number,Name,Group,Place ID,Battery %,Last heard\r\n')).toBe(true);
  expect(text).toContain(
    `"=""${serials[0]}""","=""=1+1""","=""MAR1""","=""${place}""",81,2026-01-05 11:59:59\r\n`,
  );
  const read = readCsv(text, { rows: 50, cellsOfRow: 6 });
  const rows = read.ok ? read.rows.map(({ cells }) => cells.map(shownCell)) : [];
  expect(rows).toHaveLength(all);
  expect(rows.filter(isListed)).toEqual([
    [serials[2], serials[2], '', '', '', ''],
    [serials[0], '=1+1', 'MAR1', place, '81', '2026-01-05 11:59:59'],
    [serials[1], 'Case 10', 'MAR1', '', '', '2026-01-05 12:00:00'],
  ]);
  expect(taken()).toMatchObject([
    { staffId: ids.ann, method: 'pin', lockList: { format: 'csv', locks: all - 1 } },
  ]);
});

test('as a workbook has text as text, the battery as a number and the time as a time, with headers in the person’s language', async () => {
  const { take } = await open();
  const answer = await take('xlsx', { pin: pins.ann }, 'de');
  expect(answer).toMatchObject({ ok: true, value: { fileName: 'latchpoint-locks-2026-01-05-120000.xlsx' } });
  const [head, ...rows] = await readSheet(bytesOf(answer));
  expect(head).toEqual(['Seriennummer', 'Name', 'Gruppe', 'Platz-ID', 'Batterie %', 'Zuletzt gehört']);
  expect(rows.find(([serialNumber]) => serialNumber === serials[0])).toEqual([
    serials[0],
    '=1+1',
    'MAR1',
    place,
    81,
    new Date(Date.UTC(2026, 0, 5, 11, 59, 59)),
  ]);
});

test('goes to nobody who has not proved who they are, nor by somebody else’s badge, and then nothing is on record', async () => {
  const { take, taken, options } = await open();
  expect(await take('csv', { pin: '0000' })).toMatchObject({ ok: false, error: { code: 'staff.wrong_pin' } });
  const approver = { staffId: ids.bob, method: 'badge' as const };
  const confirm = () => Promise.resolve(ok({ approver, holds: () => true }));
  const list = createLockExport({ ...options, staff: { ...options.staff, confirm } });
  const wanted = { format: 'csv', language: 'en', proof: { read: '04A1B2C3' } } as const;
  expect(await list.take(ids.ann, wanted, there)).toEqual(fail('badge.not_yours'));
  expect(taken()).toEqual([]);
});

test('is by their own badge, too, and the journal says so, as it says who was forced', async () => {
  const { taken, options } = await open();
  const as = (approver: { staffId: string; method: 'badge' | 'pin'; duress?: true }, isForced = false) =>
    createLockExport({
      ...options,
      staff: {
        isForced: () => isForced,
        confirm: () => Promise.resolve(ok({ approver, holds: () => true })),
      },
    });
  const wanted = { format: 'csv', language: 'en', proof: { read: '04A1B2C3' } } as const;
  await as({ staffId: ids.ann, method: 'badge' }).take(ids.ann, wanted, there);
  await as({ staffId: ids.ann, method: 'pin', duress: true }).take(ids.ann, wanted, there);
  // Forced when they signed in: whoever forced them is still there, whatever they prove next.
  await as({ staffId: ids.ann, method: 'badge' }, true).take(ids.ann, wanted, there);
  expect(taken()).toMatchObject([
    { method: 'badge' },
    { method: 'pin', duress: true },
    { method: 'badge', duress: true },
  ]);
});

test('is not handed out once they may not any more, are signed out, or the disk takes nothing; each is told', async () => {
  const { take, taken, list, set, data } = await open();
  const signedOut = new AbortController();
  signedOut.abort();
  const wanted = { format: 'csv', language: 'en', proof: { pin: pins.ann } } as const;
  expect(await list.take(ids.ann, wanted, signedOut.signal)).toMatchObject(fail('staff.not_signed_in'));
  set({ ann: { roles: ['associate'] }, rights });
  expect(await take()).toMatchObject({ ok: false, error: { code: 'rights.not_permitted' } });
  expect(data.events.slice(-2)).toMatchObject([
    { kind: 'sign_in_refused', purpose: 'export', errorCode: 'staff.not_signed_in' },
    { kind: 'sign_in_refused', purpose: 'export', errorCode: 'rights.not_permitted' },
  ]);
  set({ ann: { roles: ['manager'] }, rights });
  data.diskFull = true;
  expect(await take()).toMatchObject({ ok: false });
  expect(taken()).toEqual([]);
});
