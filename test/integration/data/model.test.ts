/**
 * Random days of a kiosk: work on both sides, a network that loses answers, a clock that jumps, restarts at any time. Once
 * all is well again, both sides agree and nothing is lost or there twice. `DATA_MODEL_SEED=n` replays one run.
 */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { composeEvent, enrolmentOf, lockRow, storeRow } from '#support/documents.ts';
import { FakeBackend, type Fault, type Row } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';
import { temporaryFolder } from './temporary-folder.ts';

const faults: readonly (Fault | null)[] = [
  null,
  null,
  'lost-answer',
  'unreachable',
  'unavailable',
  'rubbish',
  'unauthorised',
];
const steps = 60;

const run = async (seed: number): Promise<void> => {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random.float() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  backend.onStored = (document) => {
    if (document['state'] !== 'captured') return document;
    // As often as not the vendor answers before the kiosk has heard that it was asked.
    if (random.float() < 0.5) queueMicrotask(() => goOn(String(document['enrolmentId'])));
    return { ...document, state: 'submitted' };
  };
  backend.arrival = async () => {
    for (let turn = pick([0, 0, 0, 100]); turn > 0; turn -= 1) await setImmediate();
  };
  const path = join(temporaryFolder(), 'kiosk.db');
  let kiosk = await openKiosk(backend, path, seed);
  const captured: string[] = [];
  let appended = 0;

  const anyEnrolment = (): Row | undefined => {
    const rows = [...backend.table('enrolments').values()];
    return rows.length > 0 ? pick(rows) : undefined;
  };

  /** The vendor has answered. The operation stays that of the last change by a kiosk. */
  const goOn = (enrolmentId: string): void => {
    const row = backend.table('enrolments').get(enrolmentId);
    if (row?.document['state'] !== 'submitted') return;
    const state = pick(['registered', 'registered', 'refused']);
    const problem = state === 'refused' ? { code: 'enrolment.vendor_refused', params: {} } : null;
    backend.put('enrolments', { ...row.document, state, problem });
  };

  const actions: readonly (() => unknown)[] = [
    async () => {
      const enrolmentId = random.uuid();
      await kiosk.data.putEnrolment(
        enrolmentOf(captured.length, { enrolmentId, operationId: random.uuid() }),
      );
      captured.push(enrolmentId);
    },
    async () => {
      const mine = captured.length > 0 ? await kiosk.data.enrolment(pick(captured)) : null;
      if (!mine) return;
      const state = mine.state === 'registered' ? 'provisioned' : mine.state;
      await kiosk.data.putEnrolment({ ...mine, state, operationId: random.uuid() });
    },
    async () => {
      await kiosk.data.appendAccessEvent(composeEvent(random.uuid()));
      appended += 1;
    },
    () => backend.put('locks', lockRow(below(6), `Lock ${below(99)}`), random.float() < 0.3),
    () => goOn(anyEnrolment()?.id ?? ''),
    () => {
      backend.fault = () => pick(faults);
    },
    () => {
      backend.fault = () => null;
    },
    () => kiosk.sync.resync(),
    () => kiosk.sync.resync(),
    () => kiosk.clock.jump((below(10) - 5) * 3600_000),
    async () => {
      const running = kiosk.sync.resync();
      await kiosk.dispose();
      await running;
      kiosk = await openKiosk(backend, path, seed);
    },
  ];
  for (let step = 0; step < steps; step += 1) await pick(actions)();

  backend.fault = () => null;
  const where = `seed ${seed}`;
  for (let round = 0; round < 3; round += 1) expect((await kiosk.sync.resync()).ok, where).toBe(true);
  expect((await kiosk.state(() => true)).waiting, where).toBe(0);

  const held = (collection: 'locks' | 'enrolments'): unknown[] =>
    [...backend.table(collection).values()].filter(({ deleted }) => !deleted).map(({ document }) => document);
  const byName = (documents: Iterable<unknown>): string[] => [...documents].map(sortedJson).sort();
  expect(byName((await firstValueFrom(kiosk.data.locks$)).values()), where).toEqual(byName(held('locks')));
  const enrolments = await firstValueFrom(kiosk.data.enrolments$);
  expect(byName(enrolments), where).toEqual(byName(held('enrolments')));
  expect(enrolments.map(({ enrolmentId }) => enrolmentId).sort(), where).toEqual([...captured].sort());

  const events = [...backend.table('accessEvents').values()].map(({ document }) => document);
  expect(events.length, where).toBe(appended);
  let previousHash: unknown = firstPreviousHash;
  for (const event of events) {
    expect(event['previousHash'], where).toBe(previousHash);
    previousHash = event['hash'];
  }
  await kiosk.dispose();
};

const sortedJson = (document: unknown): string =>
  JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const { DATA_MODEL_SEED: single, DATA_MODEL_RUNS: runs = '15' } = process.env;
const seeds = single ? [Number(single)] : Array.from({ length: Number(runs) }, (_, index) => 1 + index);

it('ends with both sides agreeing, whatever happened in between', { timeout: 600_000 }, async () => {
  for (const seed of seeds) await run(seed);
});
