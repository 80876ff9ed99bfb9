/**
 * `write`: one durable enrolment and one durable access event through the kiosk's data, held against one raw transaction of
 * the same bytes. Both take turns on one disk, so that its mood counts for both.
 */
import { DatabaseSync } from 'node:sqlite';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { LocalData } from '#kiosk/data/kiosk-data.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { journalHashInput } from '#shared/models/journal-hash.ts';
import type { Bench, Measured } from './bench.ts';
import { median } from './statistics.ts';
import { fillKiosk, inFolder, openData, serialNumber } from './temporary-data.ts';

const kioskId = systemRandom.uuid();
const staffId = systemRandom.uuid();
const warmUp = 100;
/** More enrolments than a store captures before the backend has them. */
const rounds = 400;

const enrolment = (n: number): EnrolmentDocument => ({
  enrolmentId: systemRandom.uuid(),
  serialNumber: serialNumber(n),
  state: 'captured',
  problem: null,
  type: 'CAM',
  name: `Cabinet ${n}`,
  group: 'Front',
  enrolmentCode: randomBytes(256).toString('base64'),
  deviceCertificate: randomBytes(560).toString('base64'),
  kioskId,
  staffId,
  capturedAt: 1_700_000_000_000 + n,
  changedAt: 1_700_000_000_000 + n,
  operationId: systemRandom.uuid(),
  version: 0,
});

/** What the journal does for each event: it hashes it into the chain. */
const composeEvent =
  (n: number) =>
  (sequence: number, previousHash: string): AccessEvent => {
    const event: Omit<AccessEvent, 'hash'> = {
      eventId: systemRandom.uuid(),
      kioskId,
      sequence,
      at: 1_700_000_000_000 + n,
      kind: 'unlocked',
      staffId,
      serialNumber: serialNumber(n),
      attemptId: systemRandom.uuid(),
      errorCode: null,
      offline: true,
      stageMs: { find: 0, connect: 180, authenticate: 120, actuate: 60 },
      previousHash,
    };
    return { ...event, hash: createHash('sha256').update(journalHashInput(event)).digest('hex') };
  };

interface Raw {
  write(id: string, body: string): void;
  close(): void;
}

const openRaw = (path: string): Raw => {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE documents (id TEXT PRIMARY KEY, body TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO documents (id, body) VALUES (?, ?)');
  return {
    write: (id, body) => {
      database.exec('BEGIN IMMEDIATE');
      insert.run(id, body);
      database.exec('COMMIT');
    },
    close: () => database.close(),
  };
};

/** Milliseconds of each of two pieces of work that take turns. */
const takeTurns = async (
  first: (n: number) => Promise<unknown>,
  second: (n: number) => void,
): Promise<{ readonly first: number; readonly second: number }> => {
  const times: { readonly first: number[]; readonly second: number[] } = { first: [], second: [] };
  for (let n = 0; n < warmUp + rounds; n += 1) {
    const began = performance.now();
    await first(n);
    const between = performance.now();
    second(n);
    const ended = performance.now();
    if (n < warmUp) continue;
    times.first.push(between - began);
    times.second.push(ended - between);
  }
  return { first: median(times.first), second: median(times.second) };
};

const measure = async (
  part: string,
  folder: string,
  write: (data: LocalData, n: number) => Promise<unknown>,
  sample: (n: number) => { readonly id: string; readonly body: string },
): Promise<Measured> => {
  const data = await openData(join(folder, part));
  const raw = openRaw(join(folder, `${part}.raw.db`));
  try {
    await fillKiosk(data, { keys: 10_000, locks: 2_000 });
    const samples = Array.from({ length: warmUp + rounds }, (_, n) => sample(n));
    const { first, second } = await takeTurns(
      (n) => write(data, n),
      (n) => {
        const { id, body } = samples[n] ?? { id: '', body: '' };
        raw.write(id, body);
      },
    );
    return {
      part,
      figure: first / second,
      unit: '× raw',
      goal: { relation: '<=', value: 1.3 },
      baseline: `median of ${rounds}: ${first.toFixed(3)} ms against ${second.toFixed(3)} ms for one raw node:sqlite transaction`,
    };
  } finally {
    await data.dispose();
    raw.close();
  }
};

export const write: Bench = {
  name: 'write',
  work: 'one durable enrolment or access event, 10,000 keys and 2,000 locks in the store',
  run: () =>
    inFolder(async (folder) => {
      const documents = Array.from({ length: warmUp + rounds }, (_, n) => enrolment(n));
      const event = composeEvent(1)(1, '0'.repeat(64));
      return [
        await measure(
          'event',
          folder,
          (data, n) => data.appendAccessEvent(composeEvent(n)),
          () => ({ id: systemRandom.uuid(), body: JSON.stringify(event) }),
        ),
        await measure(
          'enrolment',
          folder,
          (data, n) => data.putEnrolment(documents[n] ?? enrolment(n)),
          (n) => ({ id: systemRandom.uuid(), body: JSON.stringify(documents[n]) }),
        ),
      ];
    }),
};
