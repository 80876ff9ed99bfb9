/** Who is taken off the list leaves nothing on the kiosk's disk by which he is known or could be guessed. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { openSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { storeRow, uuid } from '#support/documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';

const dismissed = {
  staffId: uuid(70),
  name: 'Theodora Quillfeather',
  pin: { n: 16384, r: 8, p: 1, salt: 'c2FsdA==', hash: 'aGFzaA==' },
};
const staying = { ...dismissed, staffId: uuid(71), name: 'Bob' };

/** A person's row as it lies on the disk, sealed: whoever comes by the key would read it. */
const rowOf = (path: string, { staffId }: { staffId: string }): Buffer => {
  const connection = openSqlConnection(path, { readOnly: true });
  const [row] = connection.prepare('SELECT body FROM documents WHERE id = ?').all(staffId);
  connection.close();
  return Buffer.from(row?.[0] as Uint8Array).subarray(-64);
};

const isIn = (folder: string, trace: Buffer | string): boolean =>
  readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(trace));

test('a dismissed member leaves neither name nor PIN verifier in the files, once the kiosk has stopped', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  backend.put('staff', dismissed);
  backend.put('staff', staying);
  const first = await openKiosk(backend);
  await first.sync.resync();
  expect(await firstValueFrom(first.data.staff$)).toHaveLength(2);
  await first.dispose();
  const folder = dirname(first.path);
  const row = rowOf(first.path, dismissed);
  // The search finds what is there.
  expect([isIn(folder, row), isIn(folder, dismissed.staffId)]).toEqual([true, true]);

  const second = await openKiosk(backend, first.path);
  backend.put('staff', dismissed, true);
  await second.sync.resync();
  expect((await firstValueFrom(second.data.staff$)).map(({ name }) => name)).toEqual(['Bob']);
  await second.dispose();
  expect([isIn(folder, row), isIn(folder, dismissed.staffId)]).toEqual([false, false]);
  expect(isIn(folder, rowOf(first.path, staying))).toBe(true);
});

test('a new PIN leaves nothing of the verifier before it, once the kiosk has stopped', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  backend.put('staff', dismissed);
  const first = await openKiosk(backend);
  await first.sync.resync();
  await first.dispose();
  const row = rowOf(first.path, dismissed);
  const kiosk = await openKiosk(backend, first.path);
  backend.put('staff', { ...dismissed, pin: { ...dismissed.pin, salt: 'BBBB', hash: 'BBBB' } });
  await kiosk.sync.resync();
  await kiosk.dispose();
  expect(isIn(dirname(first.path), row)).toBe(false);
  expect(isIn(dirname(first.path), rowOf(first.path, dismissed))).toBe(true);
});
