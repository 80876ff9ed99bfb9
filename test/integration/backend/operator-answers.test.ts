/** What goes wrong with an operator's call is said in codes of its own; a kiosk is answered in those that it has always known. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { errorAnswerSchema } from '#shared/http/contract.ts';
import { operatorRoutes } from '#backend/admin/routes.ts';
import { errorTable, type ErrorCode } from '#shared/errors/table.ts';
import { someSerial } from './test-kiosk.ts';
import { adminToken, eventually } from './world.ts';
import { worldTest } from './world-test.ts';

interface Call {
  readonly method?: string;
  readonly token?: string;
  readonly type?: string;
  readonly body?: string;
}

const test = worldTest.extend(
  'ask',
  ({ world }) =>
    async (path: string, { method = 'GET', token = adminToken, type, body }: Call = {}) => {
      const answer = await fetch(`${world.backend.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: Buffer.from(body) }),
      });
      return { status: answer.status, ...errorAnswerSchema.parse(await answer.json()).error };
    },
);

const said = (status: number, code: ErrorCode, params: Record<string, string> = {}) => {
  // The words may use what the code promises, and nothing else.
  expect(Object.keys(params)).toEqual([...errorTable[code].params]);
  return { status, code, params };
};
const json = 'application/json';
const nobody = randomUUID();
const serial = '0000051a000000aa';

const someBytes = Buffer.alloc(256).toString('base64');
const named = { name: 'Case 9', group: '' };
const imported = {
  ...named,
  serialNumber: serial,
  type: 'CAM',
  enrolmentCode: someBytes,
  deviceCertificate: someBytes,
};
const person = { name: 'Ada', pin: '583920' };
type Missed = readonly [path: string, method: string, what: string, body: object | null];
const missed: readonly Missed[] = [
  [`/people/${nobody}`, 'PUT', 'person', { name: 'Ada', assignments: [] }],
  [`/people/${nobody}`, 'DELETE', 'person', null],
  [`/stores/NOBODY/registration-codes`, 'POST', 'store', null],
  [`/stores/NOBODY/staff/${nobody}`, 'PUT', 'store', person],
  [`/stores/NOBODY/staff/${nobody}`, 'PUT', 'store', { ...person, pin: '123456' }],
  [`/stores/NOBODY/staff/${nobody}`, 'PUT', 'store', { name: 'Ada' }],
  [`/stores/STORE/staff/${nobody}`, 'PUT', 'person', { name: 'Ada' }],
  [`/stores/NOBODY/staff/${nobody}`, 'DELETE', 'store', null],
  [`/stores/STORE/staff/${nobody}`, 'DELETE', 'person', null],
  [`/stores/NOBODY/staff/${nobody}/badges`, 'PUT', 'store', { number: '0012345678' }],
  [`/stores/STORE/staff/${nobody}/badges`, 'PUT', 'person', { number: '0012345678' }],
  [`/stores/NOBODY/staff/${nobody}/badges`, 'DELETE', 'store', null],
  [`/stores/STORE/staff/${nobody}/badges`, 'DELETE', 'person', null],
  ['/stores/NOBODY/rights', 'GET', 'store', null],
  ['/stores/NOBODY/rights', 'PUT', 'store', { timeZone: 'Europe/Paris' }],
  ['/stores/NOBODY/rights', 'DELETE', 'store', null],
  [`/stores/NOBODY/staff/${nobody}/may`, 'GET', 'store', null],
  [`/stores/STORE/staff/${nobody}/may`, 'GET', 'person', null],
  ['/stores/NOBODY/may-open?group=', 'GET', 'store', null],
  [`/stores/NOBODY/locks`, 'POST', 'store', imported],
  ...['NOBODY', 'STORE'].flatMap((store): readonly Missed[] => {
    const what = store === 'STORE' ? 'lock' : 'store';
    const path = `/stores/${store}/locks/${serial}`;
    return [
      [path, 'PUT', what, named],
      [`${path}/release`, 'POST', what, null],
      [`${path}/release`, 'DELETE', what, null],
      [`${path}/key`, 'POST', what, null],
    ];
  }),
  ...['staff', 'locks', 'enrolments', 'kiosks', 'alarms', 'batteries', 'events'].map((list): Missed => [
    `/stores/NOBODY/${list}`,
    'GET',
    'store',
    null,
  ]),
  [`/stores/NOBODY/duress/${nobody}/acknowledge`, 'POST', 'store', null],
  [`/stores/STORE/duress/${nobody}/acknowledge`, 'POST', 'alarm', null],
  ['/stores/NOBODY/journal-export', 'GET', 'store', null],
  [`/stores/STORE/journal-export?as=json&kiosk=${nobody}`, 'GET', 'kiosk', null],
  ['/stores/NOBODY/places', 'GET', 'store', null],
  [`/stores/NOBODY/places/${nobody}`, 'GET', 'store', null],
  [`/stores/STORE/places/${nobody}`, 'GET', 'place', null],
  [`/stores/STORE/events?placeId=${nobody}`, 'GET', 'place', null],
  ['/stores/NOBODY/merged-rights', 'GET', 'store', null],
  ['/stores/NOBODY/district', 'PUT', 'store', { districtId: null }],
  ['/stores/NOBODY/district', 'PUT', 'store', { districtId: nobody }],
  ['/stores/STORE/district', 'PUT', 'district', { districtId: nobody }],
  ['/districts/NOBODY', 'DELETE', 'district', null],
  ['/districts/NOBODY/rights', 'PUT', 'district', { timeZone: 'Europe/Paris' }],
  ['/districts/NOBODY/rights', 'DELETE', 'district', null],
  ...['staff-list', 'lock-list'].flatMap((list): readonly Missed[] => [
    [`/stores/NOBODY/${list}`, 'GET', 'store', null],
    [`/stores/NOBODY/${list}`, 'POST', 'store', null],
  ]),
  [`/stores/STORE/enrolments?beforeEnrolment=${nobody}`, 'GET', 'enrolment', null],
  [`/enrolments/${nobody}/resolve`, 'POST', 'enrolment', { action: 'retry' }],
  [`/kiosks/${nobody}/revoke`, 'POST', 'kiosk', null],
  [`/kiosks/${nobody}/rotate-keys`, 'POST', 'kiosk', null],
];
test.for(missed)(
  '%s, %s: what is not there is the %s',
  async ([path, method, what, body], { storeId, ask }) => {
    const call = { method, ...(body === null ? {} : { type: json, body: JSON.stringify(body) }) };
    const named = path.replace('STORE', storeId).replace('NOBODY', nobody);
    expect(await ask(`/v1/admin${named}`, call)).toEqual(said(404, 'operator.not_found', { what }));
  },
);

test('every route whose path names something is among them, but those that make stores and districts', () => {
  const shape = (path: string): string =>
    path.replace(/\?.*$/, '').replace(/STORE|NOBODY|[\da-f]{8}-[\da-f-]{27}|[\da-f]{16}/g, '*');
  const tried = new Set(missed.map(([path, method]) => `${method} ${shape(path)}`));
  const routes = Object.values(operatorRoutes)
    .filter(({ path }) => path.includes('/:'))
    .map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replace('/v1/admin', '').replace(/:\w+/g, '*')}`,
    );
  expect(routes.filter((route) => !tried.has(route))).toEqual(['PUT /districts/*', 'PUT /stores/*']);
});

test('an order that nobody has given is what is not there, of a lock that is', async ({
  world,
  storeId,
  ask,
}) => {
  const kiosk = await world.makeKiosk(storeId);
  const serialNumber = someSerial();
  await kiosk.pushOne(kiosk.capture(serialNumber));
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
  const path = `/v1/admin/stores/${storeId}/locks/${serialNumber}/release`;
  expect(await ask(path, { method: 'DELETE' })).toEqual(said(404, 'operator.not_found', { what: 'order' }));
});

test('a wrong token, a wrong path and a wrong method are told apart', async ({ ask }) => {
  expect(await ask('/v1/admin/trust', { token: 'not one of them' })).toEqual(
    said(401, 'operator.wrong_token'),
  );
  const path = '/v1/admin/store';
  expect(await ask(`${path}?all=1`)).toEqual(said(404, 'operator.no_such_call', { method: 'GET', path }));
  expect(await ask('/v1/admin/trust', { method: 'DELETE' })).toEqual(
    said(404, 'operator.no_such_call', { method: 'DELETE', path: '/v1/admin/trust' }),
  );
});

test.for([
  ['a body that is not said to be JSON', { type: 'text/csv', body: 'a,b' }, 400, 'content_type'],
  ['a content type without a body', { type: json }, 400, 'empty'],
  ['half of a body', { type: json, body: '{"name":' }, 400, 'not_json'],
  ['more than anyone sends', { type: json, body: JSON.stringify('a'.repeat(70_000)) }, 413, 'too_large'],
] as const)('%s is said to be that', async ([_name, call, status, problem], { storeId, ask }) => {
  expect(await ask(`/v1/admin/stores/${storeId}`, { method: 'PUT', ...call })).toEqual(
    said(status, 'operator.bad_body', { problem }),
  );
});

test('a path that cannot be decoded is said to lead nowhere', async ({ ask }) => {
  const path = '/v1/admin/kiosks/%ZZ/revoke';
  expect(await ask(path, { method: 'POST' })).toEqual(
    said(404, 'operator.no_such_call', { method: 'POST', path }),
  );
});

test('a field that cannot be taken is named', async ({ storeId, ask }) => {
  const call = { method: 'PUT', type: json, body: JSON.stringify({ name: 7 }) };
  const answer = await ask(`/v1/admin/stores/${storeId}`, call);
  expect(answer).toMatchObject({ status: 400, code: 'operator.bad_value', params: { path: 'name' } });
  expect(await ask('/v1/admin/stores/7/locks')).toMatchObject({
    code: 'operator.bad_value',
    params: { path: 'storeId' },
  });
});

test('a kiosk is answered as ever', async ({ ask }) => {
  const kiosk = async (path: string, call: Call) => (await ask(path, call)).code;
  expect(await kiosk('/v1/sync/locks?after=0&limit=1', { token: 'no token' })).toBe('sync.refused');
  expect(await kiosk('/v1/nowhere', {})).toBe('ipc.bad_request');
  expect(await kiosk('/v1/token', { method: 'POST', type: json, body: '{' })).toBe('ipc.bad_request');
  expect(await kiosk('/v1/token', { method: 'POST', type: json, body: '{}' })).toBe('ipc.bad_request');
});
