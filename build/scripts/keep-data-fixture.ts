/**
 * `npm run keep-data-fixture`: writes a kiosk's database file of this version, sealed with the tests' own key, to test/fixtures/kiosk-data/. Run once for each
 * release; the suite opens every file that is kept there with today's code. Refuses to replace one: what was released stays.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { collections } from '#shared/models/documents.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { journalHashInput } from '#shared/models/journal-hash.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { readCommandLine } from './command-line.ts';
import { projectRoot } from './tasks.ts';

const id = (n: number): string => `5a000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const serial = (n: number): string => n.toString(16).padStart(16, '0');
const kioskId = id(1);
const staffId = id(2);
const at = 1_790_000_000_000;

const composeEvent =
  (n: number) =>
  (sequence: number, previousHash: string): AccessEvent => {
    const event: Omit<AccessEvent, 'hash'> = {
      eventId: id(100 + n),
      kioskId,
      sequence,
      at: at + n,
      kind: 'unlocked',
      staffId,
      serialNumber: serial(1),
      attemptId: id(200 + n),
      errorCode: null,
      offline: true,
      stageMs: { find: 5, connect: 180, authenticate: 120, actuate: 60 },
      previousHash,
    };
    return { ...event, hash: createHash('sha256').update(journalHashInput(event)).digest('hex') };
  };

/** One of everything that a kiosk keeps: pulled, captured, journal, notes. */
const write = async (path: string): Promise<void> => {
  const ports = { clock: systemClock, random: systemRandom, logger: silentLogger, dataKeys: testDataKeys };
  const data = await createKioskData({ path, ...ports });
  const { replica } = data;
  const row = <T extends object>(document: T, version: number) => ({ ...document, version, deleted: false });
  const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 60, holdOpenSeconds: 5 };
  await replica.applyPage('store', [row({ storeId: id(3), name: 'Harbour Street', policy }, 1)]);
  const pin = { n: 16_384, r: 8, p: 1, salt: 'AAAA', hash: 'AAAA' };
  await replica.applyPage('staff', [row({ staffId, name: 'Front counter', pin }, 2)]);
  const trust = { trustId: 'first', kind: 'intermediate', owner: 'owner', certificate: 'AAAA' };
  await replica.applyPage('trust', [row({ ...trust, notBefore: at, notAfter: at + 1 }, 3)]);
  for (let n = 1; n <= 3; n += 1) {
    const lock = { type: 'CAM', name: `Cabinet ${n}`, group: 'Front', deviceCertificate: 'AAAA' };
    await replica.applyPage('locks', [row({ serialNumber: serial(n), ...lock }, 3 + n)]);
    await replica.applyPage('keyCertificates', [row({ serialNumber: serial(n), sealed: `key ${n}` }, 6 + n)]);
  }
  replica.setCursor('locks', 6);
  await data.putEnrolment({
    enrolmentId: id(50),
    serialNumber: serial(9),
    state: 'captured',
    problem: null,
    type: 'CAM',
    name: 'Phone display',
    group: 'Front',
    enrolmentCode: Buffer.alloc(256, 1).toString('base64'),
    deviceCertificate: 'AAAA',
    kioskId,
    staffId,
    capturedAt: at,
    changedAt: at,
    operationId: id(51),
    version: 0,
  });
  for (let n = 1; n <= 4; n += 1) await data.appendAccessEvent(composeEvent(n));
  replica.acknowledgeEvents(2, []);
  await data.writeNote('kept', 'a note');
  await data.dispose();
};

/** What this release reads of each collection, and takes for it (`modelsOfRelease`). */
const modelsText = (): string => {
  const models = Object.entries(collections).map(([name, { schema }]) => [
    name,
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  ]);
  return `${JSON.stringify(Object.fromEntries(models))}\n`;
};

readCommandLine('keep-data-fixture', (args) => parseArgs({ args, options: {}, strict: true }));
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const kept = join(projectRoot, 'test/fixtures/kiosk-data', `${version}.db.gz`);
if (existsSync(kept)) {
  console.error(`The file of ${version} is kept already. A released one is never replaced.`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'latchpoint-fixture-'));
try {
  const path = join(folder, 'kiosk.db');
  await write(path);
  mkdirSync(join(projectRoot, 'test/fixtures/kiosk-data'), { recursive: true });
  writeFileSync(kept, gzipSync(readFileSync(path), { level: 9 }));
  writeFileSync(kept.replace('.db.gz', '.models.json'), modelsText());
  console.log(`Kept ${kept}, and what its models read and take`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
