/** What is left in the database of what is gone: its id, so that kiosks learn of it, and nothing of what it was. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { blankTombstones } from '#backend/store/migrations/0014-blank-tombstones.ts';
import { trustSchema } from '#shared/models/documents.ts';
import { createJournalWriter } from './journal-writer.ts';
import { someSerial } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

type Table = 'staff' | 'locks' | 'key_certificates' | 'trust';
type Row = Record<string, unknown>;

/** The columns of a row that say something: neither an id, a number, nor nothing. */
const said = (row: Row | undefined) =>
  Object.entries(row ?? {}).filter(
    ([name, value]) =>
      !/_id$|^(serial_number|version|deleted|kind)$/.test(name) &&
      !['', null, 0, false].includes(value as string | number | boolean | null) &&
      !(value instanceof Buffer && value.length === 0),
  );

const noPin = { n: 0, r: 0, p: 0, salt: '', hash: '' };

const test = storeTest.extend('scene', ({ storeId, kiosk, db }) => {
  const raw = async (table: Table): Promise<Row[]> =>
    (
      await sql<Row>`SELECT * FROM ${sql.table(table)} WHERE store_id = ${storeId} ORDER BY version`.execute(
        db,
      )
    ).rows;
  const enrol = async (): Promise<string> => {
    const serial = someSerial();
    await kiosk.pushOne({ ...kiosk.capture(serial), name: 'Watches', group: 'Front' });
    await eventually(async () =>
      expect((await raw('key_certificates')).at(-1)?.['serial_number']).toBe(serial),
    );
    return serial;
  };
  const orderPath = (serial: string): string => `/stores/${storeId}/locks/${serial}/release`;
  const tellReleased = async (serialNumber: string): Promise<void> => {
    await kiosk.push('accessEvents', [createJournalWriter(kiosk).released(serialNumber)]);
  };
  return { raw, enrol, orderPath, tellReleased };
});

describe('in the database', () => {
  test('of a person who is dismissed, neither name nor PIN is left; who comes back is there again', async ({
    world,
    storeId,
    kiosk,
    scene: { raw },
  }) => {
    const path = `/stores/${storeId}/staff/${randomUUID()}`;
    const person = { name: 'Somebody', pin: '582047' };
    await world.admin('PUT', path, person);
    const [before] = await raw('staff');
    expect(said(before).map(([name]) => name)).toEqual(['name', 'pin']);
    expect((await world.admin('DELETE', path)).status).toBe(204);
    const [gone] = await raw('staff');
    expect(said(gone)).toEqual([['pin', noPin]]);
    await world.admin('PUT', path, person);
    expect(await kiosk.pullAll('staff')).toMatchObject([{ name: 'Somebody', deleted: false }]);
  });

  test('of a lock that was given back, neither name, group, certificate, key nor token is left', async ({
    world,
    scene: { enrol, orderPath, raw, tellReleased },
  }) => {
    const serial = await enrol();
    await world.admin('POST', orderPath(serial));
    expect(said((await raw('locks'))[0]).map(([name]) => name)).toEqual([
      'type',
      'name',
      'group_name',
      'device_certificate',
    ]);
    await tellReleased(serial);
    const rows = [...(await raw('locks')), ...(await raw('key_certificates')), (await raw('trust')).at(-1)];
    expect(rows.map((row) => row?.['deleted'])).toEqual([true, true, true]);
    expect(rows.flatMap(said)).toEqual([]);
  });

  test('of an order that was taken back, no token is left; given again, it is the same order with a token', async ({
    world,
    kiosk,
    scene: { enrol, orderPath, raw },
  }) => {
    const serial = await enrol();
    await world.admin('POST', orderPath(serial));
    const ordered = (await kiosk.pullAll('trust')).at(-1);
    await world.admin('DELETE', orderPath(serial));
    expect(said((await raw('trust')).at(-1))).toEqual([]);
    await world.admin('POST', orderPath(serial));
    const { deleted, version, ...again } = (await kiosk.pullAll('trust')).at(-1)!;
    expect({ deleted, isNewer: version > ordered!.version }).toEqual({ deleted: false, isNewer: true });
    expect(again).toEqual(
      expect.objectContaining({ trustId: ordered?.['trustId'], token: ordered?.['token'] }),
    );
  });

  test('of an intermediate that was taken back, no certificate is left; one that comes back is whole', async ({
    world,
    kiosk,
    scene: { raw },
  }) => {
    const day = 86_400_000;
    const [first] = await kiosk.pullAll('trust');
    const longer = { notBefore: Date.now(), notAfter: Date.now() + 20 * day, epoch: 2 };
    await world.vendor.setIntermediate(longer);
    await world.admin('POST', '/trust/refresh');
    world.clock.offsetMs = 14 * day;
    await world.admin('POST', '/trust/refresh');
    const gone = (await raw('trust')).find((row) => row['trust_id'] === first?.['trustId']);
    expect({ deleted: gone?.['deleted'], said: said(gone) }).toEqual({ deleted: true, said: [] });
    world.clock.offsetMs = 0;
    await world.admin('POST', '/trust/refresh');
    const documents = await kiosk.pullAll('trust');
    for (const { deleted, ...document } of documents) if (!deleted) trustSchema.parse(document);
    expect(documents.find((each) => each['trustId'] === first?.['trustId'])).toMatchObject({
      deleted: false,
      certificate: first?.['certificate'],
      notAfter: first?.['notAfter'],
    });
  });

  test('what earlier releases left is blanked as well, and what lives stays', async ({
    world,
    storeId,
    db,
    scene: { enrol, orderPath, raw },
  }) => {
    const [goes, stays] = [await enrol(), await enrol()];
    await world.admin('POST', orderPath(goes));
    for (const id of [randomUUID(), randomUUID()]) {
      await world.admin('PUT', `/stores/${storeId}/staff/${id}`, { name: 'Somebody', pin: '582047' });
    }
    const dismissed = (await raw('staff'))[0]?.['staff_id'];
    for (const table of ['locks', 'key_certificates', 'trust'] as const) {
      await sql`UPDATE ${sql.table(table)} SET deleted = true WHERE serial_number = ${goes}`.execute(db);
    }
    await sql`UPDATE staff SET deleted = true WHERE staff_id = ${dismissed}`.execute(db);
    const all = async (deleted: boolean): Promise<Row[]> => {
      const rows: Row[] = [];
      for (const table of ['staff', 'locks', 'key_certificates', 'trust'] as const) {
        rows.push(...(await raw(table)));
      }
      return rows.filter((row) => row['deleted'] === deleted);
    };
    const before = await all(false);
    await sql.raw(blankTombstones.sql).execute(db);
    const gone = await all(true);
    expect(gone).toHaveLength(4);
    expect(gone.flatMap(said)).toEqual([['pin', noPin]]);
    expect(await all(false)).toEqual(before);
    expect(before.map((row) => row['serial_number'])).toContain(stays);
  });
});

test('a kiosk is told the id and version of what is gone, and nothing else', async ({
  world,
  storeId,
  kiosk,
  scene: { enrol, orderPath, tellReleased },
}) => {
  const serial = await enrol();
  const staffId = randomUUID();
  await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Somebody', pin: '582047' });
  await world.admin('DELETE', `/stores/${storeId}/staff/${staffId}`);
  await world.admin('POST', orderPath(serial));
  await tellReleased(serial);
  const version = expect.any(Number) as number;
  const gone = async (collection: 'staff' | 'locks' | 'keyCertificates' | 'trust') =>
    (await kiosk.pullAll(collection)).filter(({ deleted }) => deleted);
  expect(await gone('staff')).toEqual([{ staffId, version, deleted: true }]);
  expect(await gone('locks')).toEqual([{ serialNumber: serial, version, deleted: true }]);
  expect(await gone('keyCertificates')).toEqual([{ serialNumber: serial, version, deleted: true }]);
  expect(await gone('trust')).toEqual([{ trustId: expect.any(String) as string, version, deleted: true }]);
});
