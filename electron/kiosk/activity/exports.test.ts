/** A copy of the journal: who gets it, that it is on record, and that it holds what it says. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { BehaviorSubject } from 'rxjs';
import { expect, it } from 'vitest';
import { FakeData } from '#support/fake-data.ts';
import { ids, lockRow, serial, staffRow } from '#support/kiosk-rows.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { ActivityFilter } from '#shared/ipc/activity.ts';
import { signedJournalSchema } from '#shared/journal/signed-journal.ts';
import type { AccessEvent, ExportFormat } from '#shared/models/access-event.ts';
import { canonicalJson, journalHashInput } from '#shared/models/journal-hash.ts';
import type { Concerns } from '../locks/concerns.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { generateKioskKeys, publicJwk } from '../vault/kiosk-keys.ts';
import { signStatement } from '../vault/assertions.ts';
import { createActivity } from './activity.ts';
import { createExports } from './exports.ts';
import { createSignJournal } from './sign-journal.ts';

const noon = Date.UTC(2026, 2, 29, 10);
const identity = {
  kioskId: ids.kiosk,
  kioskName: 'Counter 2',
  storeId: ids.store,
  storeName: 'Harbour Street',
  owner: 'acme',
  vendorRoot: 'AAAA',
  backendKey: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
} as const;

const begin = async (count: number) => {
  const data = new FakeData();
  const clock = new ManualClock(noon);
  const keys = await generateKioskKeys();
  data.staff$.next([staffRow(ids.ann, '=Ann', '4711')]);
  data.pull({ locks: [lockRow()] });
  const timeZone = () => 'Europe/Paris';
  const names = {
    person: (staffId: string) => data.staff$.value.find((one) => one.staffId === staffId)?.name ?? null,
    lock: (serialNumber: string) => data.locks$.value.get(serialNumber) ?? null,
    place: () => null,
    reasons: () => null,
  };
  const deliveries = { of: () => ({ state: 'waiting' }) as const };
  const concerns$ = new BehaviorSubject<Concerns>(new Map());
  const activity = createActivity({ data, deliveries, names, concerns$, timeZone, clock });
  const append = (rest: Partial<AccessEvent>) =>
    data.appendAccessEvent((sequence, previousHash) => {
      const event = {
        eventId: `40000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
        kioskId: ids.kiosk,
        at: noon,
        kind: 'unlocked',
        staffId: ids.ann,
        serialNumber: serial,
        attemptId: null,
        errorCode: null,
        offline: false,
        stageMs: { find: 40, actuate: 60 },
        sequence,
        previousHash,
        ...rest,
      } as const;
      return { ...event, hash: createHash('sha256').update(journalHashInput(event)).digest('hex') };
    });
  for (let n = 1; n <= count; n += 1)
    await append(n % 2 === 0 ? { kind: 'signed_in', serialNumber: null } : {});
  const exports = createExports({
    activity,
    data,
    staff: {
      isForced: () => false,
      confirm: (proof) =>
        Promise.resolve(
          'pin' in proof && proof.pin === '4711'
            ? ok({ approver: { staffId: proof.staffId, method: 'pin' }, holds: () => true })
            : fail('staff.wrong_pin'),
        ),
    },
    journal: {
      record: () => Promise.resolve(ok(null)),
      recordNow: async ({ kind, staffId, exported }) =>
        append({ kind, staffId: staffId ?? null, serialNumber: null, ...(exported ? { exported } : {}) }),
    },
    sign: createSignJournal({
      vault: {
        identity,
        signingKey: publicJwk(keys.signing),
        signStatement: (type, content) => signStatement(keys.signing, type, content),
      },
      timeZone,
      clock,
    }),
    clock,
    random: seededRandom(1),
  });
  const { signal } = new AbortController();
  const start = (format: ExportFormat, filter: ActivityFilter = {}, pin = '4711') =>
    exports.begin(ids.ann, { format, filter, proof: { pin } }, signal);
  const take = async (format: ExportFormat, filter: ActivityFilter = {}): Promise<string> => {
    const begun = await start(format, filter);
    if (!begun.ok) throw new Error(begun.error.code);
    let text = '';
    for (let part = 0; part < begun.value.parts; part += 1) {
      const next = await exports.part(ids.ann, begun.value.exportId, part);
      if (!next.ok) throw new Error(next.error.code);
      text += next.value.text;
    }
    return text;
  };
  return { data, exports, start, take };
};

it('goes to nobody whose PIN is wrong, and then nothing is on record', async () => {
  const { data, start } = await begin(3);
  expect(await start('csv', {}, '0000')).toMatchObject({ ok: false, error: { code: 'staff.wrong_pin' } });
  expect(data.events).toHaveLength(3);
});

it('is on record before any of it is handed out; where the disk takes nothing, nobody gets it', async () => {
  const { data, start } = await begin(3);
  expect(await start('csv')).toMatchObject({ ok: true, value: { events: 3, parts: 1 } });
  expect(data.events.at(-1)).toMatchObject({
    kind: 'activity_exported',
    staffId: ids.ann,
    exported: { format: 'csv', events: 3 },
  });
  data.diskFull = true;
  expect(await start('csv')).toMatchObject({ ok: false, error: { code: 'storage.disk_full' } });
});

it('as a table holds what fits, with numbers that stay as they are and no formula', async () => {
  const { take } = await begin(4);
  const text = await take('csv', { serialNumber: serial });
  const lines = text.split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]?.startsWith('\ufeffstore_time,utc_time,')).toBe(true);
  expect(lines[1]).toContain("2026-03-29 12:00:00,2026-03-29T10:00:00.000Z,recorded,unlocked,,'=Ann,");
  expect(lines[1]).toContain(`"=""${serial}"""`);
  expect(lines[1]).toContain(',100,no,1,');
});

it('as a signed file is the chain, in parts that make one file, under the kiosk’s own key', async () => {
  const { take, data } = await begin(2_500);
  const file = signedJournalSchema.parse(JSON.parse(await take('json')));
  expect(file.events).toEqual(data.events.slice(0, 2_500));
  expect(file.statement).toMatchObject({
    signer: 'kiosk',
    kioskId: ids.kiosk,
    exportedBy: ids.ann,
    events: 2_500,
    first: 1,
    last: 2_500,
    previousHash: '0'.repeat(64),
    lastHash: data.events[2_499]?.hash,
  });
  const [head = '', body = '', signature = ''] = file.signature.split('.');
  expect(Buffer.from(body, 'base64url').toString()).toBe(canonicalJson(file.statement));
  const key = createPublicKey({ key: { ...file.key }, format: 'jwk' });
  const signed = Buffer.from(`${head}.${body}`);
  expect(
    verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
  ).toBe(true);
});

it('as a signed file has no gaps: what lies between belongs to it', async () => {
  const { take } = await begin(9);
  const file = signedJournalSchema.parse(JSON.parse(await take('json', { outcome: 'signing_in' })));
  expect(file.events.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5, 6, 7, 8]);
});

it('of nothing is a file all the same', async () => {
  const { take } = await begin(0);
  expect((await take('csv', { group: 'nowhere' })).split('\r\n')).toHaveLength(2);
  expect(JSON.parse(await take('json', { group: 'nowhere' }))).toMatchObject({
    statement: { events: 0, first: null },
    events: [],
  });
});

it('is over for another person, after its last part, and once somebody is signed out', async () => {
  const { start, exports } = await begin(2);
  const begun = await start('csv');
  const exportId = begun.ok ? begun.value.exportId : '';
  const over = { ok: false, error: { code: 'activity.export_over' } };
  expect(await exports.part(ids.bob, exportId, 0)).toMatchObject(over);
  expect(await exports.part(ids.ann, exportId, 1)).toMatchObject(over);
  expect(await exports.part(ids.ann, exportId, 0)).toMatchObject({ ok: true });
  expect(await exports.part(ids.ann, exportId, 0)).toMatchObject(over);
  const next = await start('csv');
  exports.forget();
  expect(await exports.part(ids.ann, next.ok ? next.value.exportId : '', 0)).toMatchObject(over);
});
