import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it as base } from 'vitest';
import { composeEvent, enrolmentOf, keyRow, lockRow, serial, storeRow, uuid } from '#support/documents.ts';
import { longestSilentBackoffMs } from '#kiosk/data/sync/backoff.ts';
import { requestTimeoutMs } from '#kiosk/backend/client.ts';
import { FakeBackend, once } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';

const it = base.extend('backend', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  return backend;
});

describe('pulling', () => {
  it('takes new, changed and deleted rows, and goes on from there after a restart', async ({ backend }) => {
    const first = await openKiosk(backend);
    for (let n = 1; n <= 5; n += 1) backend.put('locks', lockRow(n));
    expect(await first.sync.resync()).toEqual({ ok: true, value: null });
    backend.put('locks', lockRow(2, 'Renamed'));
    backend.put('locks', lockRow(3), true);
    await first.sync.resync();
    await first.dispose();

    const again = await openKiosk(backend, first.path);
    const locks = await firstValueFrom(again.data.locks$);
    expect([...locks.values()].map(({ name }) => name).sort()).toEqual([
      'Lock 1',
      'Lock 4',
      'Lock 5',
      'Renamed',
    ]);
    expect((await firstValueFrom(again.data.store$))?.name).toBe('Store');
    backend.requests.length = 0;
    await again.sync.resync();
    expect(backend.requests.filter((request) => request === 'GET /v1/sync/locks')).toHaveLength(1);
  });

  it('keeps one invalid row out, counts it, and takes the good ones; a good version of it clears the count', async ({
    backend,
  }) => {
    const { sync, data, state } = await openKiosk(backend);
    backend.put('locks', lockRow(1));
    backend.put('locks', { ...lockRow(2), name: '' });
    backend.put('locks', lockRow(3));
    expect((await sync.resync()).ok).toBe(true);
    expect([...(await firstValueFrom(data.locks$)).keys()]).toEqual([serial(1), serial(3)]);
    expect((await state(() => true)).invalidRows).toBe(1);
    backend.put('locks', lockRow(2));
    await sync.resync();
    expect((await state(() => true)).invalidRows).toBe(0);
  });

  it('says how far a long pull is, and goes on where it broke off', async ({ backend }) => {
    for (let n = 0; n < 2500; n += 1) backend.put('keyCertificates', keyRow(n));
    const { sync, data } = await openKiosk(backend);
    const seen: string[] = [];
    sync.state$.subscribe(({ pulling }) => {
      if (pulling) seen.push(`${pulling.received} of ${pulling.total}`);
    });
    let pages = 0;
    backend.fault = (request) =>
      request === 'GET /v1/sync/keyCertificates' && ++pages === 3 ? 'unavailable' : null;
    expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.unreachable' } });
    expect((await firstValueFrom(data.keySerials$)).size).toBe(2000);
    expect((await sync.resync()).ok).toBe(true);
    expect((await firstValueFrom(data.keySerials$)).size).toBe(2500);
    expect([...new Set(seen)]).toEqual(['1000 of 2500', '2000 of 2500']);
    expect((await data.keyCertificate(serial(2499)))?.sealed).toBe(keyRow(1).sealed);
  });
});

describe('pushing', () => {
  it('delivers what was captured offline, once, though the answer was lost', async ({ backend }) => {
    const { sync, data, state } = await openKiosk(backend);
    await data.putEnrolment(enrolmentOf(1));
    await data.appendAccessEvent(composeEvent(uuid(50)));
    await data.appendAccessEvent(composeEvent(uuid(51)));
    expect((await state(() => true)).waiting).toBe(3);
    backend.onStored = (document) => ({
      ...document,
      ...('state' in document ? { state: 'submitted' } : {}),
    });
    for (const pattern of [/POST .*enrolments/, /POST .*accessEvents/]) {
      backend.fault = once(pattern, 'lost-answer');
      expect((await sync.resync()).ok).toBe(false);
    }
    expect((await sync.resync()).ok).toBe(true);
    expect(backend.table('enrolments').get(uuid(1))?.document['state']).toBe('submitted');
    expect(backend.table('accessEvents').size).toBe(2);
    expect((await data.enrolment(uuid(1)))?.state).toBe('submitted');
    expect((await state(() => true)).waiting).toBe(0);
  });

  it('lets one row that the backend will never take hold up no other', async ({ backend }) => {
    const { sync, data, state, clock } = await openKiosk(backend);
    for (let n = 1; n <= 3; n += 1) await data.putEnrolment(enrolmentOf(n));
    for (let n = 1; n <= 3; n += 1) await data.appendAccessEvent(composeEvent(uuid(50 + n), clock.now()));
    backend.isInvalid = (document) => document['enrolmentId'] === uuid(2) || document['eventId'] === uuid(52);
    expect((await sync.resync()).ok).toBe(true);
    expect(backend.table('enrolments').size).toBe(2);
    expect(backend.table('accessEvents').size).toBe(2);
    expect(await data.enrolment(uuid(2))).toMatchObject({
      state: 'refused',
      problem: { code: 'internal.unexpected' },
    });
    expect(await state(() => true)).toMatchObject({ waiting: 0, invalidRows: 2 });
  });

  it('keeps the provisioned of the kiosk when the backend has changed the row in between', async ({
    backend,
  }) => {
    const { sync, data } = await openKiosk(backend);
    await data.putEnrolment(enrolmentOf(1));
    await sync.resync();
    const registered = {
      ...backend.table('enrolments').get(uuid(1))!.document,
      state: 'registered',
      operationId: uuid(77),
    };
    backend.put('enrolments', registered);
    await sync.resync();
    const known = await data.enrolment(uuid(1));
    backend.put('enrolments', { ...registered, group: 'Back', operationId: uuid(78) });
    await data.putEnrolment({ ...known!, state: 'provisioned', operationId: uuid(79) });
    expect((await sync.resync()).ok).toBe(true);
    expect(backend.table('enrolments').get(uuid(1))?.document['state']).toBe('provisioned');
    expect((await data.enrolment(uuid(1)))?.version).toBe(backend.table('enrolments').get(uuid(1))?.version);
  });

  it('pushes what was written after the clock went back', async ({ backend }) => {
    const { sync, data, clock } = await openKiosk(backend);
    await data.putEnrolment(enrolmentOf(1));
    await sync.resync();
    clock.jump(-3600_000);
    await data.putEnrolment(enrolmentOf(2, { changedAt: 1 }));
    await sync.resync();
    expect(backend.table('enrolments').size).toBe(2);
  });

  it('goes on pulling while a push hangs, and tries again after the time limit', async ({ backend }) => {
    const { sync, data, pass, passUntil } = await openKiosk(backend);
    backend.put('locks', lockRow(1));
    await data.putEnrolment(enrolmentOf(1));
    backend.fault = once(/POST .*enrolments/, 'hang');
    const lost = sync.resync();
    await firstValueFrom(data.locks$.pipe(filter((locks) => locks.size === 1)));
    await pass(requestTimeoutMs);
    expect(await lost).toMatchObject({ ok: false, error: { code: 'sync.unreachable' } });
    sync.start();
    await passUntil(({ waiting, connection }) => waiting === 0 && connection === 'online');
    expect(backend.table('enrolments').size).toBe(1);
  });
});

describe('staying in touch', () => {
  it('gets a new token once where one is not taken, and is refused where that does not help', async ({
    backend,
  }) => {
    const { sync, state } = await openKiosk(backend);
    await sync.resync();
    backend.lapseTokens();
    expect((await sync.resync()).ok).toBe(true);
    backend.fault = (request) => (request.includes('/sync/') ? 'unauthorised' : null);
    expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.refused' } });
    expect((await state(() => true)).connection).toBe('refused');
  });

  it('asks for the time anew when it is refused, and goes on in the same round', async ({ backend }) => {
    const { sync, clock, state } = await openKiosk(backend);
    await sync.resync();
    // As after a suspended machine wakes up: no timer and no jump tells of it.
    backend.now = () => clock.now() + 600_000;
    backend.lapseTokens();
    let isTold = false;
    backend.fault = (request) => {
      isTold ||= request === 'GET /v1/time';
      return request === 'POST /v1/token' && !isTold ? 'unauthorised' : null;
    };
    expect(await sync.resync()).toEqual({ ok: true, value: null });
    expect((await state(() => true)).skewMs).toBeLessThan(-590_000);

    // Where it is not the clock, one more try is all there is.
    backend.lapseTokens();
    backend.fault = (request) => (request === 'POST /v1/token' ? 'unauthorised' : null);
    backend.requests.length = 0;
    expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.refused' } });
    expect(backend.requests.filter((request) => request === 'POST /v1/token')).toHaveLength(2);
  });

  it('notices that it was revoked and asks no more', async ({ backend }) => {
    const { sync, pass, passUntil } = await openKiosk(backend);
    backend.fault = (request) => (/token|revocation/.test(request) ? 'revoked' : null);
    sync.start();
    expect(await passUntil(({ revocation }) => revocation !== null)).toMatchObject({ connection: 'refused' });
    backend.requests.length = 0;
    await pass(600_000);
    expect(backend.requests).toEqual([]);
  });

  it('takes a login page of a portal for no contact', async ({ backend }) => {
    const { sync, state } = await openKiosk(backend);
    backend.fault = () => 'rubbish';
    expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.unreachable' } });
    expect(await state(() => true)).toMatchObject({ connection: 'offline', lastContactAt: null });
  });

  it('asks again within 8 s after a cable was plugged in again, however long it was out', async ({
    backend,
  }) => {
    const { sync, clock, pass, passUntil } = await openKiosk(backend);
    backend.fault = () => 'unreachable';
    sync.start();
    await passUntil(({ connection }) => connection === 'offline');
    await pass(600_000);
    // When it asks is what counts: the clock here runs far ahead of the real work behind an answer.
    const pluggedInAt = clock.monotonic();
    let askedAt = Infinity;
    backend.fault = () => {
      askedAt = Math.min(askedAt, clock.monotonic());
      return null;
    };
    await passUntil(({ connection }) => connection === 'online');
    expect(askedAt - pluggedInAt).toBeLessThanOrEqual(longestSilentBackoffMs);
  });

  it('comes back by itself after an outage of the backend, with pauses that grow', async ({ backend }) => {
    const { sync, pass, passUntil } = await openKiosk(backend);
    backend.fault = () => 'unavailable';
    sync.start();
    await passUntil(({ connection }) => connection === 'offline');
    await pass(600_000);
    const asked = backend.requests.filter((request) => request.includes('token')).length;
    expect(asked).toBeLessThan(60);
    expect(asked).toBeGreaterThan(8);
    backend.fault = () => null;
    await passUntil(({ connection }) => connection === 'online');
  });

  it('pulls when the stream says so, and opens it anew after it fell silent or broke', async ({
    backend,
  }) => {
    const { sync, data, pass, passUntil } = await openKiosk(backend);
    sync.start();
    let known = 0;
    const watching = data.locks$.subscribe(({ size }) => (known = size));
    const isOpen = () => backend.streams.size === 1;
    const opened = () => backend.requests.filter((request) => request === 'GET /v1/sync/stream').length;
    await passUntil(isOpen);
    backend.put('locks', lockRow(1));
    backend.announce();
    await passUntil(() => known === 1);
    backend.dropStreams();
    await passUntil(isOpen);
    // Nothing is heard for longer than a stream may be silent.
    const before = opened();
    await pass(50_000);
    await passUntil(() => isOpen() && opened() > before);
    backend.put('locks', lockRow(2));
    backend.announce();
    await passUntil(() => known === 2);
    watching.unsubscribe();
  });

  it('learns how wrong its clock is from signed time alone', async ({ backend }) => {
    const { sync, clock, passUntil } = await openKiosk(backend);
    backend.now = () => clock.now() - 90_000;
    sync.start();
    const about = (ms: number) => (skewMs: number | null) => skewMs !== null && Math.abs(skewMs - ms) <= 1000;
    await passUntil(({ skewMs }) => about(90_000)(skewMs));
    await passUntil(({ connection }) => connection === 'online');
    clock.jump(3600_000);
    const truth = clock.now() - 3600_000 - clock.monotonic();
    backend.now = () => clock.monotonic() + truth;
    await passUntil(({ skewMs }) => about(3600_000)(skewMs));

    // Another's signature is worth nothing.
    const other = await FakeBackend.create();
    const stranger = await openKiosk(backend, undefined, 2, other.publicKey);
    await stranger.sync.resync();
    expect((await stranger.state(() => true)).skewMs).toBeNull();
  });
});

describe('a time token', () => {
  const challenge = new Uint8Array(32);

  it('is had while there is contact, and given up at once while there is none', async ({ backend }) => {
    const { sync } = await openKiosk(backend);
    expect(await sync.timeToken(challenge)).toBeNull();
    await sync.resync();
    expect(Buffer.from((await sync.timeToken(challenge)) ?? []).toString()).toBe('token');
    backend.fault = () => 'unreachable';
    expect(await sync.timeToken(challenge)).toBeNull();
    await sync.resync();
    backend.requests.length = 0;
    expect(await sync.timeToken(challenge)).toBeNull();
    expect(backend.requests).toEqual([]);
  });
});
