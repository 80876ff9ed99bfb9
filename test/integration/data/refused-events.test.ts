/** Events that the backend has refused, in a file: numbers that are given twice, and what a release before has left. */
import { DatabaseSync } from 'node:sqlite';
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { composeEvent, uuid } from '#support/documents.ts';
import { testCodec } from '#support/kiosk-file.ts';
import { openData, type OpenedData } from './open-data.ts';

const toldOf = async ({ data }: OpenedData) => ({
  refused: [1, 2, 3, 4, 5].filter((sequence) => data.isRefusedEvent(sequence)),
  count: await firstValueFrom(data.replica.invalidRows$),
});

it('of a number that is given a second time, what was said of the first is told no more', async () => {
  const first = await openData();
  for (let n = 1; n <= 5; n += 1) await first.data.appendAccessEvent(composeEvent(uuid(n)));
  first.data.replica.acknowledgeEvents(5, [2, 4, 5]);
  expect(await toldOf(first)).toEqual({ refused: [2, 4, 5], count: 3 });
  // What is lost with a damaged file.
  first.connection.exec(`DELETE FROM documents WHERE id IN ('${uuid(4)}', '${uuid(5)}')`);
  await first.data.dispose();
  const second = await openData(first.path);
  expect(await toldOf(second)).toEqual({ refused: [2], count: 1 });
  for (let n = 6; n <= 7; n += 1) await second.data.appendAccessEvent(composeEvent(uuid(n)));
  await second.data.dispose();
  const third = await openData(first.path);
  expect(await toldOf(third)).toEqual({ refused: [2], count: 1 });
  third.data.replica.acknowledgeEvents(5, [5]);
  await third.data.dispose();
  expect(await toldOf(await openData(first.path))).toEqual({ refused: [2, 5], count: 2 });
});

it('what a release before has named in its quarantine is told as refused, over restarts', async () => {
  const first = await openData();
  for (let n = 1; n <= 5; n += 1) await first.data.appendAccessEvent(composeEvent(uuid(n)));
  first.data.replica.acknowledgeEvents(4, []);
  await first.data.dispose();
  const file = new DatabaseSync(first.path);
  file.exec("DELETE FROM notes WHERE key = 'journal.refused'");
  // One of them is in the journal no more.
  const rows = [3, 99].map((n) => ({
    collection: 'accessEvents',
    id: uuid(n),
    problem: 'internal.unexpected',
  }));
  file
    .prepare('INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)')
    .run('quarantine', testCodec.encodeNote('quarantine', JSON.stringify(rows)) as Uint8Array);
  file.close();
  for (let start = 0; start < 2; start += 1) {
    const opened = await openData(first.path);
    expect(await toldOf(opened)).toEqual({ refused: [3], count: 1 });
    expect(opened.data.replica.acknowledged).toBe(4);
    await opened.data.dispose();
  }
});

it('what is delivered again is not refused until the backend has said so again', async () => {
  const opened = await openData();
  const { replica } = opened.data;
  for (let n = 1; n <= 5; n += 1) await opened.data.appendAccessEvent(composeEvent(uuid(n)));
  replica.acknowledgeEvents(5, [1, 2]);
  await replica.unacknowledgedEvents(10);
  replica.forgetAcknowledgements();
  expect(await toldOf(opened)).toEqual({ refused: [], count: 0 });
  // The answer to a push that was under way.
  replica.acknowledgeEvents(5, [1, 2]);
  expect(await toldOf(opened)).toEqual({ refused: [], count: 0 });
  await replica.unacknowledgedEvents(10);
  replica.acknowledgeEvents(5, [2]);
  expect(await toldOf(opened)).toEqual({ refused: [2], count: 1 });
  await opened.data.erase();
  expect(await toldOf(opened)).toEqual({ refused: [], count: 0 });
});
