import { describe, expect } from 'vitest';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { rootKeyOf } from '#kiosk/link/kiosk/device-certificate.ts';
import { maxRevocations, readRevocationClaims } from '#kiosk/link/wire/revocation-list.ts';
import { readRevocationList } from '#kiosk/link/lock/revocation-list.ts';
import { readTimeToken } from '#kiosk/link/lock/time-token.ts';
import { createLiveLockApi } from './live-lock-api.ts';
import { apiKey, controlToken, sandboxTest, serialNumber } from './sandbox-test.ts';

const dayMs = 86_400_000;

const refusal = (status: number, errorCode: string) => ({
  status,
  body: { error: { code: errorCode, message: expect.any(String) as string } },
});

const it = sandboxTest
  .extend('certificates', ({ call }) => async (): Promise<string> => {
    const { body } = await call('GET', '/v1/certificates/acme');
    return (body as { certificate: string }).certificate;
  })
  .extend(
    'revoke',
    ({ control }) =>
      (serial: string | null, minEpoch: number) =>
        control('revoke', { owner: 'acme', serialNumber: serial, minEpoch }),
  );

describe('POST /v1/dlock', () => {
  it('registers a lock and answers with its Key Certificate, also after a restart', async ({
    sandbox,
    request,
    call,
  }) => {
    const registered = await call('POST', '/v1/dlock', request());
    expect(registered.status).toBe(200);
    expect(registered.body).toEqual({
      serial_no: serialNumber,
      type: 'CAM',
      key_certificate: expect.any(String) as string,
      private_key: expect.any(String) as string,
    });
    await sandbox.restart();
    expect(await call('GET', `/v1/dlock/${serialNumber}`)).toEqual(registered);
    expect(await call('GET', '/control/registrations', undefined, controlToken)).toEqual({
      status: 200,
      body: { registrations: [serialNumber] },
    });
  });

  it('registers a serial number only once, however many ask at the same time', async ({ request, call }) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/v1/dlock', request())));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
    expect(await call('POST', '/v1/dlock', request())).toEqual(refusal(409, 'already_registered'));
  });

  it.for([
    ['an unknown owner', { certificate: 'nobody' }, 404, 'unknown_owner'],
    ['a code that is too short', { enrolment_code: 'AAAA' }, 422, 'malformed_code'],
    [
      'a code under another key',
      { enrolment_code: Buffer.alloc(256, 1).toString('base64') },
      422,
      'malformed_code',
    ],
    ['the code of another lock', { serial_no: '00000000000000ff' }, 422, 'serial_mismatch'],
    ['a serial number that is none', { serial_no: '51A' }, 400, 'malformed_request'],
    ['a form that it does not have', { base64: false }, 400, 'malformed_request'],
  ] as const)('refuses %s', async ([_what, change, status, errorCode], { sandbox, request, call }) => {
    expect(await call('POST', '/v1/dlock', request(change))).toEqual(refusal(status, errorCode));
    expect(sandbox.registry().serialNumbers()).toEqual([]);
  });

  it('takes an empty type', async ({ request, call }) => {
    expect((await call('POST', '/v1/dlock', request({ type: '' }))).status).toBe(200);
  });

  it('refuses whoever does not bear the API key', async ({ request, call }) => {
    expect(await call('POST', '/v1/dlock', request(), 'a.b.c')).toEqual(refusal(401, 'unauthorised'));
    expect(await call('GET', '/v1/certificates/acme', undefined, '')).toEqual(refusal(401, 'unauthorised'));
    expect(await call('GET', '/control/state')).toEqual(refusal(401, 'unauthorised'));
  });

  it('has committed what it loses the answer to', async ({ request, call, control }) => {
    await control('mode', { mode: 'lose_answer' });
    await expect(call('POST', '/v1/dlock', request())).rejects.toThrow();
    await control('mode', { mode: 'normal' });
    expect(await call('POST', '/v1/dlock', request())).toEqual(refusal(409, 'already_registered'));
    expect((await call('GET', `/v1/dlock/${serialNumber}`)).status).toBe(200);
  });

  it('registers nothing while it is down', async ({ request, call, control }) => {
    await control('mode', { mode: 'down' });
    expect(await call('POST', '/v1/dlock', request())).toEqual(refusal(503, 'unavailable'));
    await control('mode', { mode: 'normal' });
    expect(await call('GET', `/v1/dlock/${serialNumber}`)).toEqual(refusal(404, 'unknown_serial'));
  });

  it('asks to wait when it is asked too often', async ({ clock, sandbox, call }) => {
    await sandbox.restart({ controlToken: null, requestsPerSecond: 2 });
    const path = `/v1/dlock/${serialNumber}`;
    await call('GET', path);
    await call('GET', path);
    expect(await call('GET', path)).toEqual(refusal(429, 'too_many_requests'));
    await clock.advance(1000);
    expect((await call('GET', path)).status).toBe(404);
  });
});

describe('the intermediate', () => {
  it('stays the same until half of its life has passed, then is renewed once', async ({
    clock,
    certificates,
  }) => {
    const first = await certificates();
    await clock.advance(7 * dayMs - 1000);
    expect(await certificates()).toBe(first);
    await clock.advance(1000);
    const renewed = await Promise.all([certificates(), certificates(), certificates()]);
    expect(renewed[0]).not.toBe(first);
    expect(new Set(renewed).size).toBe(1);
  });

  it('lapses when told, stays lapsed while renewal is withheld, also after a restart, and is renewed when told', async ({
    clock,
    sandbox,
    call,
    control,
    certificates,
  }) => {
    await certificates();
    await control('lapse', { seconds: 20 });
    const lapsing = sandbox.registry().newestIntermediate('acme')!;
    expect(lapsing).toMatchObject({ notAfter: clock.now() + 20_000, epoch: 2 });
    await clock.advance(60_000);
    await sandbox.restart();
    expect(await certificates()).toBe(Buffer.from(lapsing.certificate).toString('base64'));
    await control('renew');
    expect(sandbox.registry().newestIntermediate('acme')).toMatchObject({
      notAfter: clock.now() + 14 * dayMs,
      epoch: 2,
    });
    expect(await call('GET', '/control/state', undefined, controlToken)).toMatchObject({
      body: { mode: 'normal', renewal: 'on', registrations: 0, revoked: [] },
    });
  });

  it('is nobody’s where the owner is unknown', async ({ call }) => {
    expect(await call('GET', '/v1/certificates/nobody')).toEqual(refusal(404, 'unknown_owner'));
  });
});

it('says which port is taken', async ({ clock, vendor, sandbox }) => {
  const other = createLiveLockApi({
    vendor,
    registry: sandbox.registry(),
    clock,
    apiKey,
    controlToken: null,
  });
  const port = Number(new URL(sandbox.url()).port);
  await expect(other.listen(port)).rejects.toMatchObject({
    error: { code: 'config.port_taken', params: { port } },
  });
  await other.dispose();
});

it('wants an API key of three parts', ({ clock, vendor, sandbox }) => {
  const create = () =>
    createLiveLockApi({
      vendor,
      registry: sandbox.registry(),
      clock,
      apiKey: 'one-part',
      controlToken: null,
    });
  expect(create).toThrow(
    expect.objectContaining({ error: expect.objectContaining({ code: 'config.invalid' }) as object }),
  );
});

describe('the time authority', () => {
  it('tells a lock the time over the lock’s own challenge, under the vendor’s root', async ({
    clock,
    vendor,
    call,
  }) => {
    const challenge = new Uint8Array(32).fill(5);
    const body = { challenge: Buffer.from(challenge).toString('base64') };
    const answer = await call('POST', '/v1/time', body);
    expect(answer).toMatchObject({ status: 200, body: { token: expect.any(String) as string } });
    const { token } = answer.body as { token: string };
    const read = (over: Uint8Array) =>
      readTimeToken(Buffer.from(token, 'base64'), over, [rootKeyOf(vendor.root)], 0);
    expect(read(challenge)).toBe(Math.floor(clock.now() / 1000) * 1000);
    expect(read(new Uint8Array(32))).toBeNull();
  });

  it('wants its key and a whole challenge', async ({ call }) => {
    expect(await call('POST', '/v1/time', { challenge: 'AAAA' })).toEqual(refusal(400, 'malformed_request'));
    expect(await call('POST', '/v1/time', {}, 'x.y.z')).toEqual(refusal(401, 'unauthorised'));
  });
});

describe('revocation', () => {
  it('is delivered as one list of all that was revoked, newer with each, also after a restart', async ({
    vendor,
    sandbox,
    call,
    revoke,
  }) => {
    expect(await call('GET', '/v1/revocations/acme')).toEqual(refusal(404, 'nothing_revoked'));
    await revoke(serialNumber, 2);
    await revoke(serialNumber, 3);
    await revoke(null, 5);
    expect(await call('GET', '/control/state', undefined, controlToken)).toMatchObject({
      body: { revoked: [serialNumber] },
    });
    await sandbox.restart();
    const answer = await call('GET', '/v1/revocations/acme');
    expect(answer).toMatchObject({ status: 200, body: { owner: 'acme', version: 3 } });
    const { list } = answer.body as { list: string };
    const customer = await vendor.addCustomer('acme');
    const lockOfIt = { serialNumber, customerKey: customer.publicKey, roots: [rootKeyOf(vendor.root)] };
    expect(readRevocationList(Buffer.from(list, 'base64'), lockOfIt)).toEqual({
      version: 3,
      minCustomerEpoch: 5,
      minKeyEpoch: 3,
    });
  });

  it('goes on where one list is full: in parts, of which the first stands where the only one stood', async ({
    call,
    revoke,
  }) => {
    for (let index = 0; index < maxRevocations + 1; index += 1) {
      await revoke((0xf000 + index).toString(16).padStart(16, '0'), 2);
    }
    const answer = await call('GET', '/v1/revocations/acme');
    expect(answer.status).toBe(200);
    const { version, list, parts } = answer.body as {
      version: number;
      list: string;
      parts: { version: number; list: string }[];
    };
    expect(parts.map((part) => part.version)).toEqual([maxRevocations, maxRevocations + 1]);
    expect(parts.map((part) => readRevocationClaims(Buffer.from(part.list, 'base64'))?.locks.size)).toEqual([
      maxRevocations,
      1,
    ]);
    expect({ version, list }).toEqual(parts[0]);
  });

  it('gives a lock that is registered after it a key that it does not hit', async ({
    request,
    call,
    revoke,
  }) => {
    await revoke(serialNumber, 4);
    const { body } = await call('POST', '/v1/dlock', request());
    const { key_certificate: der } = body as { key_certificate: string };
    expect(readCertificate(Buffer.from(der, 'base64')).keyEpoch).toBe(4);
  });
});
