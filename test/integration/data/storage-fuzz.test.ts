/**
 * The write-through storage leans on the inside of RxDB's memory storage. So both get the same random operations, and every
 * answer and every event has to be the same; the write-through storage is reopened from its file in between.
 * `DATA_FUZZ_SEED=n` replays one run, `DATA_FUZZ_RUNS=n` makes it a longer one.
 */
import { join } from 'node:path';
import {
  fillWithDefaultSettings,
  normalizeMangoQuery,
  prepareQuery,
  type BulkWriteRow,
  type MangoQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageInstance,
} from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { openKioskFile } from '#kiosk/data/storage/kiosk-file.ts';
import { readAll } from '#kiosk/data/storage/stored-rows.ts';
import { openSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { createWriteThroughStorage } from '#kiosk/data/storage/write-through-storage.ts';
import { testCodec } from '#support/kiosk-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Item {
  readonly id: string;
  readonly place: string;
  readonly rank: number;
}
type Instance = RxStorageInstance<Item, unknown, unknown>;

const schema: RxJsonSchema<RxDocumentData<Item>> = fillWithDefaultSettings<Item>({
  version: 0,
  type: 'object',
  primaryKey: 'id',
  properties: {
    id: { type: 'string', maxLength: 20 },
    place: { type: 'string', maxLength: 20 },
    rank: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
  },
  required: ['place', 'rank'],
  indexes: ['place', ['rank', 'place']],
});

const params = (databaseName: string) => ({
  databaseInstanceToken: 'token',
  databaseName,
  collectionName: 'items',
  schema,
  options: {},
  multiInstance: false,
  devMode: false,
});

const openReference = (name: string): Promise<Instance> => {
  const storage = getRxStorageMemory();
  storage.collectionStates = new Map();
  return storage.createStorageInstance<Item>(params(name));
};

const openSubject = async (
  path: string,
  lazy: ReadonlySet<string>,
): Promise<{ instance: Instance; close: () => Promise<void> }> => {
  const file = openKioskFile(path, openSqlConnection, { ...readAll, lazy }, testCodec);
  const unreadable: string[] = [];
  const storage = createWriteThroughStorage({
    file,
    isDurable: () => true,
    onUnreadable: (_file, _collection, id) => unreadable.push(id),
  });
  const instance = await storage.createStorageInstance<Item>(params('subject'));
  expect(unreadable).toEqual([]);
  return {
    instance,
    close: async () => {
      await instance.close();
      file.close();
    },
  };
};

const places = ['', 'a', 'Ä', 'aisle 7', '🔒', '🔑 case', '\u{10FFFF}'];
const operationsPerRun = 250;

const run = async (seed: number): Promise<number> => {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random.float() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const path = join(temporaryFolder(), 'kiosk.db');
  const reference = await openReference(`reference-${seed}`);
  // Every other run finds the rows of a reopened file unread.
  const lazy = new Set(seed % 2 === 0 ? ['items'] : []);
  let subject = await openSubject(path, lazy);
  const history: RxDocumentData<Item>[] = [];
  let revision = 0;
  let writes = 0;
  const events: { reference: unknown[]; subject: unknown[] } = { reference: [], subject: [] };
  const listen = (instance: Instance, into: unknown[]) =>
    instance.changeStream().subscribe((bulk) => {
      expect(bulk.checkpoint).not.toBeNull();
      into.push({ context: bulk.context, events: bulk.events });
    });
  listen(reference, events.reference);
  let listening = listen(subject.instance, events.subject);

  const randomRow = (): BulkWriteRow<Item> => {
    revision += 1;
    const id = `${pick(['lock', '🔒', 'ß'])}-${below(12)}`;
    const document = {
      id,
      place: pick(places),
      rank: below(101),
      _deleted: random.float() < 0.2,
      _attachments: {},
      _rev: `${revision}-fuzz`,
      _meta: { lwt: 1_700_000_000_000 + revision },
    };
    const known = history.filter((earlier) => earlier.id === id);
    // Mostly the newest state, sometimes an old one or none at all: those have to end as conflicts.
    const previous =
      random.float() < 0.8 ? known.at(-1) : known.length > 0 ? pick([...known, undefined]) : undefined;
    return previous ? { document, previous } : { document };
  };

  const uniqueRows = (): BulkWriteRow<Item>[] => {
    const rows = Array.from({ length: 1 + below(8) }, randomRow);
    return [...new Map(rows.map((row) => [row.document.id, row])).values()];
  };

  const randomQuery = (): MangoQuery<Item> => ({
    selector: pick<MangoQuery<Item>['selector']>([
      {},
      { place: pick(places) },
      { rank: { $gte: below(101) } },
      { rank: { $lt: below(101) }, place: { $gt: pick(places) } },
      { $or: [{ rank: below(101) }, { place: pick(places) }] },
    ])!,
    sort: pick<NonNullable<MangoQuery<Item>['sort']>>([
      [{ id: 'asc' }],
      [{ rank: 'desc' }],
      [{ place: 'asc' }],
    ]),
    ...(random.float() < 0.3 ? { limit: 1 + below(5), skip: below(3) } : {}),
  });

  const both = async <T>(ask: (instance: Instance) => Promise<T>): Promise<void> => {
    const [expected, actual] = [await ask(reference), await ask(subject.instance)];
    expect(actual, `seed ${seed}`).toEqual(expected);
  };

  for (let step = 0; step < operationsPerRun; step += 1) {
    const kind = random.float();
    if (kind < 0.6) {
      const rows = uniqueRows();
      writes += rows.length;
      const context = `step-${step}`;
      const errors: { status: number; documentId: string }[][] = [];
      for (const instance of [reference, subject.instance]) {
        const { error } = await instance.bulkWrite(structuredClone(rows), context);
        errors.push(error.map(({ status, documentId }) => ({ status, documentId })));
      }
      expect(errors[1], `seed ${seed}`).toEqual(errors[0]);
      const refused = new Set(errors[0]?.map(({ documentId }) => documentId));
      for (const { document } of rows) if (!refused.has(document.id)) history.push(document);
    } else if (kind < 0.7) {
      const ids = history.map(({ id }) => id).slice(-5);
      const withDeleted = random.float() < 0.5;
      await both((instance) => instance.findDocumentsById(ids, withDeleted));
    } else if (kind < 0.85) {
      const query = prepareQuery(schema, normalizeMangoQuery(schema, randomQuery()));
      await both((instance) => instance.query(query));
    } else if (kind < 0.94) {
      const query = prepareQuery(
        schema,
        normalizeMangoQuery(schema, { selector: { rank: { $gte: below(101) } } }),
      );
      await both((instance) => instance.count(query));
    } else if (kind < 0.97) {
      await both((instance) => instance.cleanup(-Number.MAX_SAFE_INTEGER));
    } else {
      listening.unsubscribe();
      await subject.close();
      subject = await openSubject(path, lazy);
      listening = listen(subject.instance, events.subject);
    }
  }
  expect(events.subject, `seed ${seed}`).toEqual(events.reference);

  // The last word: every document, tombstones included, once, and in the order of the last changes.
  const changed = await subject.instance.getChangedDocumentsSince!(10_000);
  expect(changed.documents.map(({ id }) => id).sort()).toEqual(
    [...new Set(changed.documents.map(({ id }) => id))].sort(),
  );
  const ids = history.map(({ id }) => id);
  expect([...changed.documents].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    [...(await reference.findDocumentsById([...new Set(ids)], true))].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  // Page by page it is the same list.
  const paged: unknown[] = [];
  for (let checkpoint: unknown; ;) {
    const page = await subject.instance.getChangedDocumentsSince!(3, checkpoint);
    if (page.documents.length === 0) break;
    paged.push(...page.documents);
    checkpoint = page.checkpoint;
  }
  expect(paged).toEqual(changed.documents);
  await subject.close();
  await reference.remove();
  return writes;
};

const { DATA_FUZZ_SEED: single, DATA_FUZZ_RUNS: runs = '12' } = process.env;
const seeds = single ? [Number(single)] : Array.from({ length: Number(runs) }, (_, index) => 1_000 + index);

describe('the write-through storage does what the memory storage does', () => {
  it('over thousands of random operations and reopened files', { timeout: 600_000 }, async () => {
    let writes = 0;
    for (const seed of seeds) writes += await run(seed);
    expect(writes).toBeGreaterThan(seeds.length * operationsPerRun);
  });
});
