/** Who is taken off the list leaves nothing on the kiosk's disk by which he is known or could be guessed. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { storeRow, uuid } from '#support/documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';

const traces = ['Theodora Quillfeather', 'c2FsdCBvZiB0aGUgZGlzbWlzc2Vk', 'aGFzaCBvZiB0aGUgZGlzbWlzc2Vk'];
const dismissed = {
  staffId: uuid(70),
  name: traces[0],
  pin: { n: 16384, r: 8, p: 1, salt: traces[1], hash: traces[2] },
};
const staying = {
  ...dismissed,
  staffId: uuid(71),
  name: 'Bob',
  pin: { ...dismissed.pin, salt: 'AAAA', hash: 'AAAA' },
};

/** Which of them the bytes of any file beside the database hold. */
const foundIn = (folder: string): readonly (string | undefined)[] => {
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return traces.filter((trace) => bytes.some((each) => each.includes(trace)));
};

test('a dismissed member leaves neither name nor PIN verifier in the files, once the kiosk has stopped', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  backend.put('staff', dismissed);
  backend.put('staff', staying);
  const first = await openKiosk(backend);
  await first.sync.resync();
  expect(await firstValueFrom(first.data.staff$)).toHaveLength(2);
  await first.dispose();
  // The search finds what is there.
  expect(foundIn(dirname(first.path))).toEqual(traces);

  const second = await openKiosk(backend, first.path);
  backend.put('staff', dismissed, true);
  await second.sync.resync();
  expect((await firstValueFrom(second.data.staff$)).map(({ name }) => name)).toEqual(['Bob']);
  await second.dispose();
  expect(foundIn(dirname(first.path))).toEqual([]);
});

test('a new PIN leaves nothing of the verifier before it, once the kiosk has stopped', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  backend.put('staff', dismissed);
  const kiosk = await openKiosk(backend);
  await kiosk.sync.resync();
  backend.put('staff', { ...dismissed, pin: { ...dismissed.pin, salt: 'BBBB', hash: 'BBBB' } });
  await kiosk.sync.resync();
  await kiosk.dispose();
  expect(foundIn(dirname(kiosk.path))).toEqual([dismissed.name]);
});
