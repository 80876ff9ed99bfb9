/** What a revoked kiosk erases is gone: through a kill at any instant, and whatever was on its way to the disk. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createJournal } from '#kiosk/journal/journal.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { enrolmentOf, uuid } from '#support/documents.ts';
import { filesNow, watched } from './every-instant.ts';
import { openData } from './open-data.ts';
import { temporaryFolder } from './temporary-folder.ts';

it('killed at any instant of the erasing, the intention is there as long as anything else is', async () => {
  const path = join(temporaryFolder(), 'kiosk.db');
  const copies: string[] = [];
  let isErasing = false;
  const keepCopy = (): void => {
    if (isErasing) copies.push(filesNow(path));
  };
  const { data } = await openData(path, watched(keepCopy));
  await data.putEnrolment(enrolmentOf(1));
  writeFileSync(`${path}.damaged-2026-01-05`, 'PIN hashes and keys');
  await data.writeNote('revoked', 'erasing');
  isErasing = true;
  await data.erase(['revoked']);
  isErasing = false;
  await data.dispose();
  expect(copies.length).toBeGreaterThan(5);
  for (const copy of copies) {
    const again = await openData(copy);
    expect(await again.data.readNote('revoked')).toBe('erasing');
    await again.data.dispose();
  }
});

it('an event that waited for room on the disk does not come after the erasing', async () => {
  const { data, clock, connection } = await openData();
  let kioskId: string | null = uuid(1);
  const journal = createJournal({
    data,
    clock,
    machineClock: clock,
    random: seededRandom(5),
    logger: silentLogger,
    kioskId: () => kioskId,
    offline: () => true,
  });
  for (let n = 0; n < 3; n += 1) await journal.record({ kind: 'signed_in', staffId: uuid(2) });
  connection.exec('PRAGMA query_only = ON');
  for (let n = 0; n < 3; n += 1) await journal.record({ kind: 'signed_in', staffId: uuid(2) });
  expect(journal.backlog).toBe(3);
  connection.exec('PRAGMA query_only = OFF');
  kioskId = null;
  await journal.forget();
  await data.erase();
  await clock.advance(10_000);
  expect(await data.accessEventsAfter(0)).toEqual([]);
});
