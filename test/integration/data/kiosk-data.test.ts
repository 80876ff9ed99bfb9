import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { composeEvent, enrolmentOf, keyRow, lockRow, serial, storeRow, uuid } from '#support/documents.ts';
import { openData as open } from './open-data.ts';

const row = (document: object, version: number, deleted = false) => ({ ...document, version, deleted });

describe("the kiosk's data", () => {
  it('shows what was pulled, at once and after a reopening', async () => {
    const { data, path } = await open();
    const seen: number[] = [];
    data.locks$.subscribe((locks) => seen.push(locks.size));
    await data.replica.applyPage('store', [row(storeRow(), 1)]);
    await data.replica.applyPage('locks', [row(lockRow(1), 2), row(lockRow(2), 3)]);
    await data.replica.applyPage('keyCertificates', [row(keyRow(1), 4)]);
    await data.replica.applyPage('locks', [row(lockRow(1), 5, true)]);
    expect(seen).toEqual([0, 2, 1]);
    await data.dispose();
    const again = await open(path);
    expect([...(await firstValueFrom(again.data.locks$)).values()]).toEqual([{ ...lockRow(2), version: 3 }]);
    expect(await firstValueFrom(again.data.keySerials$)).toEqual(new Set([serial(1)]));
    expect(await again.data.keyCertificate(serial(1))).toEqual({ ...keyRow(1), version: 4 });
    expect(await again.data.keyCertificate(serial(9))).toBeNull();
  });

  it('knows after a reopening which attempts the journal speaks of', async () => {
    const { data, path } = await open();
    const withoutAttempt = composeEvent(uuid(1));
    await data.appendAccessEvent((sequence, previousHash) => ({
      ...withoutAttempt(sequence, previousHash),
      attemptId: uuid(7),
    }));
    await data.dispose();
    const again = await open(path);
    expect(await again.data.hasEventOfAttempt(uuid(7))).toBe(true);
    expect(await again.data.hasEventOfAttempt(uuid(8))).toBe(false);
  });

  it('gives a deleted row back when it comes again', async () => {
    const { data } = await open();
    await data.replica.applyPage('locks', [row(lockRow(1), 1)]);
    await data.replica.applyPage('locks', [row(lockRow(1), 2, true)]);
    await data.replica.applyPage('locks', [row(lockRow(1, 'Back'), 3)]);
    expect((await firstValueFrom(data.locks$)).get(serial(1))?.name).toBe('Back');
  });

  it('on a full disk says so, changes nothing, and goes on once there is room', async () => {
    const { data, connection } = await open();
    connection.exec('PRAGMA max_page_count = 1');
    const full = { ok: false, error: { code: 'storage.disk_full', params: {} } };
    const long = enrolmentOf(1, { enrolmentCode: 'AAAA'.repeat(2000) });
    expect(await data.putEnrolment(long)).toEqual(full);
    const pad = 'x'.repeat(20_000);
    expect(await data.writeNote('key', pad)).toEqual(full);
    expect(await data.enrolment(uuid(1))).toBeNull();
    expect(await firstValueFrom(data.enrolments$)).toEqual([]);
    expect(await data.readNote('key')).toBeNull();
    connection.exec('PRAGMA max_page_count = 1000000');
    expect((await data.putEnrolment(long)).ok).toBe(true);
  });

  it('on a read-only disk says so, and the journal goes on without a gap afterwards', async () => {
    const { data, connection } = await open();
    connection.exec('PRAGMA query_only = ON');
    const refused = { ok: false, error: { code: 'storage.read_only', params: {} } };
    expect(await data.appendAccessEvent(composeEvent(uuid(1)))).toEqual(refused);
    connection.exec('PRAGMA query_only = OFF');
    expect(await data.appendAccessEvent(composeEvent(uuid(1)))).toMatchObject({
      ok: true,
      value: { sequence: 1 },
    });
  });

  it('appends in one chain, however many append at once', async () => {
    const { data, path } = await open();
    await Promise.all(Array.from({ length: 20 }, (_, n) => data.appendAccessEvent(composeEvent(uuid(n)))));
    await data.dispose();
    const again = await open(path);
    await again.data.appendAccessEvent(composeEvent(uuid(99)));
    const events = await again.data.replica.unacknowledgedEvents(100);
    expect(events.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
    for (const [index, event] of events.entries()) {
      if (index > 0) expect(event.previousHash).toBe(events[index - 1]?.hash);
    }
  });

  it('prunes only what is acknowledged and older than 90 days, and never the end of the chain', async () => {
    const { data, path } = await open();
    const day = 24 * 3600 * 1000;
    for (let n = 1; n <= 4; n += 1) await data.appendAccessEvent(composeEvent(uuid(n), n * day));
    expect(await data.replica.pruneEvents(1000 * day)).toBe(0);
    data.replica.acknowledgeEvents(3, []);
    data.replica.settle(3);
    expect(await data.replica.pruneEvents(92.5 * day)).toBe(2);
    data.replica.acknowledgeEvents(4, []);
    data.replica.settle(4);
    expect(await data.replica.pruneEvents(1000 * day)).toBe(1);
    await data.dispose();
    const again = await open(path);
    expect(await again.data.appendAccessEvent(composeEvent(uuid(5)))).toMatchObject({
      value: { sequence: 5 },
    });
    expect(await firstValueFrom(again.data.replica.waiting$)).toBe(1);
  });

  it('delivers events whose numbers are given a second time because the first were lost with a damaged file', async () => {
    const { data, path, connection } = await open();
    for (let n = 1; n <= 5; n += 1) await data.appendAccessEvent(composeEvent(uuid(n)));
    data.replica.acknowledgeEvents(5, []);
    connection.exec(`DELETE FROM documents WHERE id IN ('${uuid(4)}', '${uuid(5)}')`);
    await data.dispose();
    const again = await open(path);
    await again.data.appendAccessEvent(composeEvent(uuid(6)));
    const waiting = await again.data.replica.unacknowledgedEvents(10);
    expect(waiting.map(({ sequence, eventId }) => [sequence, eventId])).toEqual([[4, uuid(6)]]);
  });

  it('waits with every event for a backend that has lost them, also over a restart in between', async () => {
    const { data, path } = await open();
    for (let n = 1; n <= 3; n += 1) await data.appendAccessEvent(composeEvent(uuid(n)));
    data.replica.acknowledgeEvents(3, []);
    data.replica.forgetAcknowledgements();
    expect(await firstValueFrom(data.replica.waiting$)).toBe(3);
    await data.dispose();
    const again = await open(path);
    expect(await firstValueFrom(again.data.replica.waiting$)).toBe(3);
  });

  it('erases everything, on disk too', async () => {
    const { data, path } = await open();
    await data.replica.applyPage('keyCertificates', [row({ ...keyRow(1), sealed: 'CANARY-KEY' }, 1)]);
    await data.putEnrolment(enrolmentOf(1, { name: 'CANARY-NAME' }));
    await data.appendAccessEvent(composeEvent(uuid(1)));
    await data.writeNote('lease', 'CANARY-NOTE');
    // A damaged file that was set aside once holds what the file held then.
    for (const suffix of ['', '-wal']) writeFileSync(`${path}.damaged-2026-01-05${suffix}`, 'CANARY-DAMAGED');
    data.replica.setCursor('keyCertificates', 1);
    await data.erase();
    expect((await firstValueFrom(data.keySerials$)).size).toBe(0);
    expect(await firstValueFrom(data.enrolments$)).toEqual([]);
    expect(await firstValueFrom(data.replica.waiting$)).toBe(0);
    expect(await data.readNote('lease')).toBeNull();
    expect(data.replica.cursor('keyCertificates')).toBe(0);
    expect(await data.appendAccessEvent(composeEvent(uuid(2)))).toMatchObject({ value: { sequence: 1 } });
    await data.dispose();
    expect(readdirSync(dirname(path))).toEqual(['kiosk.db']);
    for (const name of readdirSync(dirname(path))) {
      expect(readFileSync(join(dirname(path), name)).includes('CANARY')).toBe(false);
    }
  });

  it('pulls a collection again from the start when one of its stored documents can not be read', async () => {
    const { data, path, connection } = await open();
    await data.replica.applyPage('locks', [row(lockRow(1), 1), row(lockRow(2), 2)]);
    data.replica.setCursor('locks', 2);
    connection.exec(`UPDATE documents SET body = '{"serialNumber":' WHERE id = '${serial(1)}'`);
    await data.dispose();
    const again = await open(path);
    expect([...(await firstValueFrom(again.data.locks$)).keys()]).toEqual([serial(2)]);
    expect(again.data.replica.cursor('locks')).toBe(0);
  });

  it('reads a key when it is asked for: changed, deleted and damaged ones are as if all had been read at the start', async () => {
    const { data, path, connection } = await open();
    const keys = [1, 2, 3, 4].map((n) => row({ ...keyRow(n), sealed: `key ${n}` }, n));
    await data.replica.applyPage('keyCertificates', keys);
    data.replica.setCursor('keyCertificates', 4);
    connection.exec(
      `UPDATE documents SET body = substr(body, 1, length(body) - 1) WHERE id = '${serial(4)}'`,
    );
    await data.dispose();
    const again = await open(path);
    const serials = (): Promise<ReadonlySet<string>> => firstValueFrom(again.data.keySerials$);
    expect(await serials()).toEqual(new Set([1, 2, 3, 4].map(serial)));
    const seen: number[] = [];
    again.data.keySerials$.subscribe(({ size }) => seen.push(size));
    expect((await again.data.keyCertificate(serial(1)))?.sealed).toBe('key 1');
    expect(await again.data.keyCertificate(serial(4))).toBeNull();
    expect(again.data.replica.cursor('keyCertificates')).toBe(0);
    // Reading is no change to anyone.
    expect(seen).toEqual([4]);
    await again.data.replica.applyPage('keyCertificates', [
      row({ ...keyRow(2), sealed: 'another' }, 5),
      row(keyRow(3), 6, true),
      row({ ...keyRow(4), sealed: 'key 4' }, 7),
    ]);
    expect(await serials()).toEqual(new Set([1, 2, 4].map(serial)));
    await again.data.dispose();
    const third = await open(path);
    expect(await firstValueFrom(third.data.keySerials$)).toEqual(new Set([1, 2, 4].map(serial)));
    const sealed = [1, 2, 3, 4].map(async (n) => (await third.data.keyCertificate(serial(n)))?.sealed);
    expect(await Promise.all(sealed)).toEqual(['key 1', 'another', undefined, 'key 4']);
  });

  it('refuses to store what is no enrolment', async () => {
    const { data } = await open();
    await expect(data.putEnrolment(enrolmentOf(1, { serialNumber: 'x' }))).rejects.toThrow();
  });

  it('refuses a change of what was captured: a name is given once, so none can get lost on its way', async () => {
    const { data } = await open();
    const captured = enrolmentOf(1);
    await data.putEnrolment(captured);
    for (const change of [{ name: 'Renamed' }, { group: 'Back' }, { type: 'BAR' }]) {
      await expect(data.putEnrolment({ ...captured, ...change, operationId: uuid(9) })).rejects.toThrow();
    }
    expect(await data.enrolment(uuid(1))).toEqual(captured);
  });

  it('does not let a change that was made on an older row undo what the backend said since', async () => {
    const { data } = await open();
    await data.replica.applyPage('enrolments', [row(enrolmentOf(1, { state: 'submitted' }), 5)]);
    const read = (await data.enrolment(uuid(1)))!;
    await data.replica.applyPage('enrolments', [
      row(enrolmentOf(1, { state: 'registered', operationId: uuid(8) }), 6),
    ]);
    await data.putEnrolment({ ...read, state: 'abandoned', operationId: uuid(9) });
    expect(await data.enrolment(uuid(1))).toMatchObject({ state: 'registered', version: 6 });
  });

  it('keeps the access event of such a change for the journal: what it tells of has happened', async () => {
    const { data, path } = await open();
    await data.replica.applyPage('enrolments', [row(enrolmentOf(1, { state: 'registered' }), 5)]);
    const read = (await data.enrolment(uuid(1)))!;
    const ofOther = enrolmentOf(1, { state: 'provisioned', operationId: uuid(8) });
    await data.replica.applyPage('enrolments', [row(ofOther, 6)]);
    const { sequence, previousHash, hash, ...event } = composeEvent(uuid(20))(1, '0'.repeat(64));
    expect([sequence, previousHash.length, hash.length]).toEqual([1, 64, 64]);
    await data.putEnrolment({ ...read, state: 'provisioned', operationId: uuid(9) }, event);
    await data.dispose();
    const again = await open(path);
    expect(await again.data.unrecordedEvents()).toEqual([event]);
    expect(await again.data.enrolment(uuid(1))).toMatchObject({ operationId: uuid(8), version: 6 });
    expect(again.data.replica.pendingEnrolments(10)).toEqual([]);
  });
});
