/** People come into a store as a list, and out of it: all of it or nothing, and the same list twice changes nothing. */
import { expect } from 'vitest';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import { faultsOf } from './list-calls.ts';
import { policy } from './world.ts';
import { counts, list, peopleListTest as test } from './people-list-scene.ts';

test('a dry run says what would come of it and changes nothing', async ({ scene: { send, people } }) => {
  const tried = await send('staff', list, { dryRun: true });
  expect(tried).toMatchObject({ status: 200, error: null, report: { dryRun: true, faults: [] } });
  expect(counts(tried)).toEqual({ new: 3, changed: 0, unchanged: 0, leftAlone: 0, faults: 0 });
  expect(tried.report?.changes[0]).toEqual({
    line: 2,
    change: 'new',
    name: 'Inés Ortega',
    employeeNumber: '00417',
    fields: ['name', 'employeeNumber', 'roles', 'from', 'language'],
    withoutPin: true,
  });
  expect(await people()).toEqual([]);
});

test('what a list says is so afterwards, kiosks pull it, and the same list once more changes nothing', async ({
  kiosk,
  scene: { send, people },
}) => {
  expect(counts(await send('staff', list))).toMatchObject({ new: 3, faults: 0 });
  expect(await people()).toMatchObject([
    {
      name: 'Inés Ortega',
      employeeNumber: '00417',
      language: 'es',
      roles: ['associate'],
      from: '2026-01-01',
    },
    { name: 'Jo "JJ" Lindqvist', language: 'de', roles: ['lead', 'night'], until: '2027-12-31' },
    { name: 'Noor', employeeNumber: '00420' },
  ]);
  const pulled = await kiosk.pullAll('staff');
  expect(pulled).toHaveLength(3);
  const again = counts(await send('staff', list));
  expect(again).toEqual({ new: 0, changed: 0, unchanged: 3, leftAlone: 0, faults: 0 });
  expect(await kiosk.pullAll('staff')).toEqual(pulled);
});

test('who is not in the list is left alone, an empty cell leaves what is set, and a dash takes it away', async ({
  scene: { send, people },
}) => {
  await send('staff', list);
  const changed = await send('staff', 'employee number,language,roles,until\n00418,-,,2028-01-31\n');
  expect(counts(changed)).toEqual({ new: 0, changed: 1, unchanged: 0, leftAlone: 2, faults: 0 });
  expect(changed.report?.changes[0]).toMatchObject({ line: 2, fields: ['until', 'language'] });
  const [, jo] = await people();
  expect(jo).toMatchObject({ name: 'Jo "JJ" Lindqvist', roles: ['lead', 'night'], until: '2028-01-31' });
  expect(jo).not.toHaveProperty('language');
});

test('one line that is wrong keeps all of it out, and every line that is wrong is told', async ({
  scene: { send, people },
}) => {
  await send('staff', list);
  const bad = [
    'Personalnummer;Name;Rollen;Erster Tag;Letzter Tag;Sprache',
    '417;Ines;;;;',
    '5.10E+05;Ada;;;;',
    '00430;Ben;boss;01/02/2027;13.2.2027;it',
    '00431;#NV;;46419;2027-02-30;',
    '00432;;;;;',
    ';Zoë;;;;',
    '00433;Cy\u00A0Dee;;;2020-01-01;',
    '00434;Eve;;2027-02-01;2027-01-01;',
    '00434;Fay;;;;',
    '12345678901234500000;Gus;;;;',
    '00435;Hal;;;;;Ivy',
  ].join('\n');
  const refused = await send('staff', bad);
  expect(refused.status).toBe(422);
  expect(refused.error).toMatchObject({
    code: 'operator.bad_lines',
    params: { count: 15, line: 2, column: 'Personalnummer' },
  });
  expect(faultsOf(refused)).toEqual([
    [2, 'Personalnummer', 'lost_zeros', '00417'],
    [3, 'Personalnummer', 'became_number', null],
    [4, 'Sprache', 'not_taken', null],
    [4, 'Erster Tag', 'regional_date', '2027-02-01 or 2027-01-02'],
    [4, 'Letzter Tag', 'regional_date', '2027-02-13'],
    [5, 'Name', 'spreadsheet_error', null],
    [5, 'Erster Tag', 'day_number', '2027-02-01'],
    [5, 'Letzter Tag', 'not_taken', null],
    [6, 'Name', 'missing', null],
    [7, 'Personalnummer', 'missing', null],
    [8, 'Name', 'odd_space', 'Cy Dee'],
    [9, 'Letzter Tag', 'not_taken', null],
    [10, 'Personalnummer', 'twice', null],
    [11, 'Personalnummer', 'lost_digits', null],
    [12, 'G', 'too_many_cells', null],
  ]);
  expect(await people()).toHaveLength(3);
  // The same in a dry run is an answer, not a failure.
  expect(await send('staff', bad, { dryRun: true })).toMatchObject({
    status: 200,
    report: { counts: { faults: 15 } },
  });
});

test('a number that a spreadsheet has changed is nobody new: it is told with what it was', async ({
  scene: { send, people },
}) => {
  const numbers = ['12E5', '1-2', '10.50', '3/4', '00417'];
  const listed = numbers.map((number, at) => `"=""${number}""",Person ${at}`);
  expect(counts(await send('staff', `Employee number,Name\n${listed.join('\n')}\n`))).toMatchObject({
    new: 5,
  });
  const changed = [
    '1.20E+06',
    '1200000',
    '1-Feb',
    '02.01.2026',
    '10.5',
    '"10,5"',
    '2026-04-03',
    '417',
    '9-Sep',
  ];
  const sent = await send('staff', `Employee number,Name\n${changed.map((one) => `${one},`).join('\n')}\n`);
  expect(faultsOf(sent)).toEqual([
    [2, 'Employee number', 'became_number', '12E5'],
    [3, 'Employee number', 'became_number', '12E5'],
    [4, 'Employee number', 'became_date', '1-2'],
    [5, 'Employee number', 'became_date', '1-2'],
    [6, 'Employee number', 'became_number', '10.50'],
    [7, 'Employee number', 'became_number', '10.50'],
    [8, 'Employee number', 'became_date', '3/4'],
    [9, 'Employee number', 'lost_zeros', '00417'],
    [10, 'Employee number', 'became_date', null],
  ]);
  expect(await people()).toHaveLength(5);
});

test('what went out comes in again, as CSV and as a workbook, whatever people are called', async ({
  world,
  storeId,
  kiosk,
  scene: { getText, get, send },
}) => {
  const odd = [
    '=cmd|x!A0',
    '+1',
    "'quoted'",
    'TRUE',
    'März 5',
    '5.1E+05',
    'Cy\u00A0Dee',
    '#N/A',
    'a;b,"c"',
    '4/5',
  ];
  for (const [at, name] of odd.entries()) {
    const more =
      at % 2 === 0 ? { employeeNumber: `00${at}` } : { roles: at === 3 ? [] : ['lead'], until: '2030-01-01' };
    const id = `2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f0${at}`;
    const row = { name, pin: '693158', ...more };
    expect((await world.admin('PUT', `/stores/${storeId}/staff/${id}`, row)).status).toBe(204);
  }
  const before = await kiosk.pullAll('staff');
  const files = [
    await getText('staff'),
    await getText('staff', '?language=fr'),
    await get('staff', '?as=xlsx'),
  ];
  for (const file of files) {
    const back = await send('staff', file);
    expect(counts(back)).toEqual({ new: 0, changed: 0, unchanged: odd.length, leftAlone: 0, faults: 0 });
  }
  expect(await kiosk.pullAll('staff')).toEqual(before);
  expect(files[0]).toContain('"=""=cmd|x!A0"""');
  expect(files[1]).toContain('Numéro d’employé');
});

test('PINs come in and never go out: weak ones are refused, theirs stays, and none is told', async ({
  world,
  storeId,
  kiosk,
  scene: { send, getText },
}) => {
  const pinned = (pin: string): string => `Employee number,Name,PIN\n00417,Ines,${pin}\n`;
  const weak = await send('staff', pinned('123456'));
  expect(faultsOf(weak)).toEqual([[2, 'PIN', 'not_taken', null]]);
  expect(JSON.stringify(weak)).not.toContain('123456');
  expect((await send('staff', pinned('693158'))).report?.changes[0]).not.toHaveProperty('withoutPin');
  const [before] = await kiosk.pullAll('staff');
  expect(counts(await send('staff', pinned('693158')))).toMatchObject({ unchanged: 1 });
  expect(await kiosk.pullAll('staff')).toEqual([before]);
  expect((await send('staff', pinned('582047'))).report?.changes[0]?.fields).toEqual(['pin']);
  expect(await getText('staff')).not.toMatch(/pin/i);
  // Which PIN is theirs is told of no list that sets none: neither tried nor with a fault in it, nor by what is too weak.
  const fields = async (pin: string): Promise<unknown> =>
    (await send('staff', pinned(pin), { dryRun: true })).report?.changes.map((change) => change.fields);
  expect([await fields('582047'), await fields('693158')]).toEqual([[['pin']], [['pin']]]);
  const tell = async (pin: string): Promise<unknown> =>
    counts(await send('staff', `${pinned(pin)}00418,,\n`));
  expect(await tell('582047')).toEqual(await tell('693158'));
  const policyOfBefore = { ...policy, shortestPin: 4 };
  const long = { ...policy, shortestPin: 8 };
  const putStore = (rules: object) =>
    world.admin('PUT', `/stores/${storeId}`, { name: 'A store', policy: rules });
  expect((await putStore(long)).status).toBe(204);
  expect(faultsOf(await send('staff', pinned('582047')))).toEqual(
    faultsOf(await send('staff', pinned('693158'))),
  );
  expect((await putStore(policyOfBefore)).status).toBe(204);
  const many = Array.from({ length: 101 }, (_, at) => `1${at},Ines,693158`).join('\n');
  expect((await send('staff', `Employee number,Name,PIN\n${many}`)).error).toMatchObject({
    code: 'operator.unreadable_list',
    params: { problem: 'too_many_pins' },
  });
});

test('a duress PIN comes beside the PIN, both are judged together, and neither goes out nor is told', async ({
  world,
  storeId,
  db,
  scene: { send, getText },
}) => {
  const pinned = (pin: string, duress: string): string =>
    `Personalnummer;Name;PIN;Notfall-PIN\n00417;Ines;${pin};${duress}\n`;
  const bad = async (pin: string, duress: string): Promise<unknown> => {
    const refused = await send('staff', pinned(pin, duress));
    for (const { given } of refused.report?.faults ?? []) expect(given).toBeNull();
    return faultsOf(refused).map((fault) => (fault as unknown[]).slice(1, 3));
  };
  const at = (column: string, code: string): unknown => [[column, code]];
  expect(await bad('693158', '204867')).toEqual(at('Notfall-PIN', 'not_taken'));
  const duress = { ...policy, duressPin: true };
  expect((await world.admin('PUT', `/stores/${storeId}`, { name: 'A store', policy: duress })).status).toBe(
    204,
  );
  expect(await bad('', '204867')).toEqual(at('PIN', 'missing'));
  expect(await bad('693158', '693185')).toEqual(at('Notfall-PIN', 'not_taken'));
  expect(await bad('693158', '123456')).toEqual(at('Notfall-PIN', 'not_taken'));
  const both = pinned('693158', '204867');
  expect((await send('staff', both, { dryRun: true })).report?.changes[0]?.fields).toContain('duressPin');
  expect((await send('staff', both)).report?.changes[0]?.fields).toEqual(
    expect.arrayContaining(['pin', 'duressPin']),
  );
  const held = () =>
    db.selectFrom('staff').select(['pin', 'duress_pin']).where('store_id', '=', storeId).execute();
  const [before] = await held();
  expect(counts(await send('staff', both))).toMatchObject({ changed: 0, unchanged: 1 });
  expect(await held()).toEqual([before]);
  // Of who has one, the PIN alone may be the other: that would be told by refusing it.
  expect(await bad('204867', '')).toEqual(at('Notfall-PIN', 'missing'));
  expect(await bad('693158', '')).toEqual(at('Notfall-PIN', 'missing'));
  expect(await held()).toEqual([before]);
  expect((await send('staff', pinned('', '-'))).report?.changes[0]?.fields).toEqual(['duressPin']);
  expect(await held()).toMatchObject([{ duress_pin: null }]);
  expect(counts(await send('staff', pinned('', '-')))).toMatchObject({ changed: 0, unchanged: 1 });
  expect(await getText('staff')).not.toMatch(/pin/i);
});

test('a list that was written here names people by their ids, too, and can change their numbers', async ({
  storeId,
  scene: { send, people },
}) => {
  await send('staff', list);
  const [ines, jo] = await people();
  expect(counts(await send('staff', `id,employee number\n${ines?.staffId},A-1\n`))).toMatchObject({
    changed: 1,
  });
  expect((await people())[0]).toMatchObject({ name: 'Inés Ortega', employeeNumber: 'A-1' });
  const wrong = await send(
    'staff',
    `id,employee number\n${ines?.staffId},${jo?.employeeNumber}\n${storeId},00422\n`,
  );
  expect(faultsOf(wrong)).toEqual([
    [2, 'id', 'not_one', null],
    [3, 'id', 'not_here', null],
  ]);
});

test('a list is one act in the journal of operators; one that was only tried is none', async ({
  world,
  storeId,
  scene: { send },
}) => {
  await send('staff', list, { dryRun: true });
  await send('staff', list);
  await send('staff', list.replace('00420', '420'));
  const { acts } = journalAnswerSchema.parse((await world.admin('GET', '/journal?limit=3')).body);
  expect(acts.map(({ act, on, outcome }) => ({ act, on, outcome }))).toEqual([
    { act: 'staff_listed', on: { storeId }, outcome: 'operator.bad_lines' },
    { act: 'staff_listed', on: { storeId }, outcome: 'done' },
    { act: 'rights_put', on: { storeId }, outcome: 'done' },
  ]);
});
