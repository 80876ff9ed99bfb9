/** A kiosk's file of every released version, opened by today's code. `npm run keep-data-fixture` adds one per release. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createChainCheck } from '#kiosk/journal/check-chain.ts';
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { enrolmentSchema } from '#shared/models/enrolment.ts';
import { lockSchema } from '#shared/models/documents.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { composeEvent, serial, uuid } from '#support/documents.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = fileURLToPath(new URL('../../fixtures/kiosk-data/', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const files = globSync('*.db.gz', { cwd: folder }).sort();

const unpack = (file: string): string => {
  const path = join(temporaryFolder(), 'kiosk.db');
  writeFileSync(path, gunzipSync(readFileSync(join(folder, file))));
  return path;
};

const open = (path: string) =>
  createKioskData({
    path,
    clock: new ManualClock(),
    random: seededRandom(1),
    logger: silentLogger,
    dataKeys: testDataKeys,
  });

it('there is a file of this version', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(files.map((file) => basename(file, '.db.gz'))).toContain(
    (manifest as { readonly version: string }).version,
  );
});

describe.each(files)('the file %s', (file) => {
  it('has a journal that verifies as it lies there', async () => {
    const data = await open(unpack(file));
    const found = await createChainCheck(data).check(new AbortController().signal);
    await data.dispose();
    expect(found.events).toBeGreaterThan(0);
    expect(found.brokenAt).toBeNull();
  });

  it('opens with all that it holds, takes writes, and opens again', async () => {
    const path = unpack(file);
    const data = await open(path);
    expect(data.notice).toBeNull();
    expect((await firstValueFrom(data.store$))?.name).toBe('Harbour Street');
    expect((await firstValueFrom(data.staff$)).map(({ name }) => name)).toEqual(['Front counter']);
    expect(await firstValueFrom(data.trust$)).toHaveLength(1);
    const locks = await firstValueFrom(data.locks$);
    expect([...locks.keys()]).toEqual([serial(1), serial(2), serial(3)]);
    for (const lock of locks.values()) lockSchema.parse(lock);
    expect(await firstValueFrom(data.keySerials$)).toEqual(new Set(locks.keys()));
    expect((await data.keyCertificate(serial(2)))?.sealed).toBe('key 2');
    const [enrolment] = await firstValueFrom(data.enrolments$);
    expect(enrolmentSchema.parse(enrolment)).toMatchObject({ state: 'captured', name: 'Phone display' });
    expect(data.replica.pendingEnrolments(10)).toHaveLength(1);
    // A release that can read more than the one that wrote the file pulls everything once more.
    expect(data.replica.cursor('locks')).toBe(/^0\.[12]\./.test(file) ? 0 : 6);
    expect(await data.readNote('kept')).toBe('a note');
    expect((await data.replica.unacknowledgedEvents(10)).map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(await data.appendAccessEvent(composeEvent(uuid(1)))).toMatchObject({ value: { sequence: 5 } });
    await data.dispose();
    const again = await open(path);
    expect(await firstValueFrom(again.replica.waiting$)).toBe(4);
    await again.dispose();
  });
});
