/** Locks are named and grouped by a list, and what spreadsheets make of serial numbers is told and never guessed at. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { faultsOf, listCalls } from './list-calls.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const kept = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../fixtures/lists/${name}`, import.meta.url));
const serials = ['0000000000000005', '0000051a000000aa', '0000051e00000005', '1234567812345678'] as const;

const test = storeTest.extend('scene', { auto: true }, async ({ world, storeId, kiosk }) => {
  const calls = listCalls(world, storeId);
  const named = async (): Promise<unknown[]> =>
    (await kiosk.pullAll('locks'))
      .map(({ serialNumber, name, group }) => [serialNumber, name, group].map(String))
      .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  for (const serial of serials) await kiosk.pushOne(kiosk.capture(serial));
  await eventually(async () => expect(await kiosk.pullAll('locks')).toHaveLength(serials.length));
  return { named, calls };
});

test('names and groups are taken, by any of four languages’ headers, and the same list twice changes nothing', async ({
  kiosk,
  scene: { named, calls },
}) => {
  const before = await named();
  const list =
    'Seriennummer;Name;Gruppe\r\n0000051A000000AA;"Spirituosen; oben";Spirituosen\r\n0000000000000005;;Uhren\r\n';
  const tried = await calls.send('lock', list, { dryRun: true });
  expect(tried.report?.counts).toEqual({ new: 0, changed: 2, unchanged: 0, leftAlone: 2, faults: 0 });
  expect(await named()).toEqual(before);
  expect((await calls.send('lock', list)).report).toEqual({ ...tried.report, dryRun: false });
  const after = await kiosk.pullAll('locks');
  expect(await named()).toMatchObject([
    [serials[0], 'Cabinet 1', 'Uhren'],
    [serials[1], 'Spirituosen; oben', 'Spirituosen'],
    before[2],
    before[3],
  ]);
  expect((await calls.send('lock', list)).report?.counts).toMatchObject({ changed: 0, unchanged: 2 });
  expect(await kiosk.pullAll('locks')).toEqual(after);
});

test.for([
  ['a workbook that a CSV file was opened and saved as', 'locks-damaged.xlsx', 'xlsx', 'became_number'],
  ['Excel’s Unicode text of it', 'locks-damaged-utf16.csv', 'csv', 'lost_digits'],
] as const)(
  '%s is refused, with the serial numbers that they were',
  async ([_what, name, as, long], { scene: { named, calls } }) => {
    const before = await named();
    const refused = await calls.send('lock', await kept(name), { as });
    expect(refused.status).toBe(422);
    expect(faultsOf(refused)).toEqual([
      [2, 'Serial number', as === 'csv' ? 'lost_zeros' : 'became_number', serials[2]],
      [4, 'Serial number', as === 'csv' ? 'lost_zeros' : 'became_number', serials[0]],
      [5, 'Serial number', long, serials[3]],
    ]);
    expect(await named()).toEqual(before);
  },
);

const damaged = [
  ['5.10E+06', 'became_number', '0000051e00000005'],
  ['5,10E+06', 'became_number', '0000051e00000005'],
  ['9.99E+06', 'became_number', null],
  ['51a000000aa', 'lost_zeros', '0000051a000000aa'],
  ['000051a000000aa', 'lost_zeros', '0000051a000000aa'],
  ['00000aa00000001', 'lost_zeros', '000000aa00000001'],
  ['0000051a000000ab', 'not_here', null],
  ['0000051a\u00A0000000aa', 'odd_space', '0000051a 000000aa'],
  ['#N/A', 'spreadsheet_error', null],
  ['Watches', 'not_taken', null],
] as const;
test('what stands for a serial number and is none is told, with the one that it likely was', async ({
  scene: { calls },
}) => {
  const list = `Serial number,Name\n${damaged.map(([given]) => `"${given}",X\n`).join('')}`;
  const refused = await calls.send('lock', list);
  expect(refused.report?.faults).toEqual(
    damaged.map(([given, code, likely], at) => ({
      ...{ line: at + 2, column: 'Serial number', code, given, likely },
      words: expect.any(String) as string,
    })),
  );
});

test('what stands for nothing is the name of no lock and of nobody', async ({ scene: { named, calls } }) => {
  const before = await named();
  const refused = await calls.send('lock', `Serial number,Name\n${serials[1]},-\n${serials[2]},n/a\n`);
  expect([refused.status, faultsOf(refused)]).toEqual([
    422,
    [2, 3].map((line) => [line, 'Name', 'not_taken', null]),
  ]);
  expect(await named()).toEqual(before);
  const people = ['-', '–', 'N.A.', '…'].map((name, at) => `0044${at},${name}\n`).join('');
  const nobody = await calls.send('staff', `Employee number,Name\n${people}00450,Q\n00451,Na\n`);
  expect([nobody.status, faultsOf(nobody)]).toEqual([
    422,
    [2, 3, 4, 5].map((line) => [line, 'Name', 'not_taken', null]),
  ]);
});

test('the same lock twice, an unknown column and one that is named twice are told', async ({
  scene: { calls },
}) => {
  const list = `Serial number,Name,Shelf,name\n${serials[1]},A,1,\n${serials[1]},B,,\n`;
  expect(faultsOf(await calls.send('lock', list))).toEqual([
    [1, 'C', 'unknown_column', null],
    [1, 'D', 'column_twice', null],
    [3, 'Serial number', 'twice', null],
  ]);
});

test('what went out comes in again: as CSV, as a workbook, and as a workbook that the CSV was saved as', async ({
  world,
  storeId,
  kiosk,
  scene: { calls },
}) => {
  const odd = [' =1+1 ', '-', '1-2', 'März 5'] as const;
  for (const [at, group] of odd.entries()) {
    const body = { name: `=${group}`, group };
    expect((await world.admin('PUT', `/stores/${storeId}/locks/${serials[at]}`, body)).status).toBe(204);
  }
  const before = await kiosk.pullAll('locks');
  for (const file of [await calls.getText('lock'), await calls.get('lock', '?as=xlsx&language=de')]) {
    const back = await calls.send('lock', file);
    expect(back.report?.counts).toEqual({ new: 0, changed: 0, unchanged: 4, leftAlone: 0, faults: 0 });
  }
  expect(await kiosk.pullAll('locks')).toEqual(before);
  expect((await calls.send('lock', await kept('locks-of-ours.xlsx'))).report?.changes).toMatchObject([
    { serialNumber: serials[2], name: 'Spirits', fields: ['name'] },
  ]);
});

test('a place is named by its ID, whichever lock is in it, and a list that is older than the place’s lock is told so', async ({
  world,
  storeId,
  kiosk,
  scene: { calls },
}) => {
  const name = (serial: string, body: object) =>
    world.admin('PUT', `/stores/${storeId}/locks/${serial}`, body);
  await name(serials[1], { name: 'Cabinet 2', group: 'Spirits' });
  const places = new Map(
    (await kiosk.pullAll('locks')).map(({ serialNumber, place }) => [serialNumber, place]),
  );
  const [of0, of1] = [String(places.get(serials[0])), String(places.get(serials[1]))];
  // As a kiosk writes it: what locks say of themselves is passed over.
  const ofKiosk = [
    'Seriennummer,Name,Gruppe,Platz-ID,Batterie %,Zuletzt gehört',
    `"=""${serials[1]}""",Cabinet 2,Spirits,"=""${of1}""",81,2026-03-04 14:05:09`,
    `,Cabinet 1,Watches,${of0.toUpperCase()},,`,
  ].join('\n');
  const taken = await calls.send('lock', ofKiosk);
  expect(taken.report?.changes).toMatchObject([{ line: 3, serialNumber: serials[0], fields: ['group'] }]);
  expect((await calls.send('lock', ofKiosk)).report?.counts).toMatchObject({ changed: 0, unchanged: 2 });
  const before = await kiosk.pullAll('locks');
  const nowhere = '60000000-0000-4000-8000-000000000001';
  const wrong = [
    'Serial number,Name,Place ID',
    `${serials[0]},X,${of1}`,
    `,Y,${nowhere}`,
    `${serials[2]},Z,`,
    `,W,${String(places.get(serials[2]))}`,
    ',V,',
  ].join('\n');
  const refused = await calls.send('lock', wrong);
  expect(refused.status).toBe(422);
  expect(faultsOf(refused)).toEqual([
    [2, 'Place ID', 'not_one', null],
    [3, 'Place ID', 'not_here', null],
    [5, 'Place ID', 'twice', null],
    [6, 'Serial number', 'missing', null],
  ]);
  expect(await kiosk.pullAll('locks')).toEqual(before);
});
