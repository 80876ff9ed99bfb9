/** Documents for tests: each valid, each told apart by a number. */
import { createHash, randomUUID } from 'node:crypto';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';

export const uuid = (n: number): string => `7b3f0a52-6b0c-4a0e-9f0a-${n.toString(16).padStart(12, '0')}`;
export const serial = (n: number): string => n.toString(16).padStart(16, '0');

export const storeRow = (n = 1) => ({
  storeId: uuid(n),
  name: 'Store',
  policy: { offlineLeaseHours: 168, idleSignOutSeconds: 60, holdOpenSeconds: 5 },
});

export const staffRow = (n: number) => ({
  staffId: uuid(n),
  name: `Person ${n}`,
  pin: { n: 16384, r: 8, p: 1, salt: 'AAAA', hash: 'AAAA' },
});

export const lockRow = (n: number, name = `Lock ${n}`) => ({
  serialNumber: serial(n),
  type: 'CAM',
  name,
  group: 'Front',
  deviceCertificate: 'AAAA',
});

export const keyRow = (n: number, bytes = 20) => ({ serialNumber: serial(n), sealed: 'k'.repeat(bytes) });

export const enrolmentOf = (n: number, change: Partial<EnrolmentDocument> = {}): EnrolmentDocument => ({
  enrolmentId: uuid(n),
  serialNumber: serial(n),
  state: 'captured',
  problem: null,
  type: 'CAM',
  name: `Lock ${n}`,
  group: 'Front',
  enrolmentCode: 'AAAA',
  deviceCertificate: 'AAAA',
  kioskId: uuid(1),
  staffId: uuid(2),
  capturedAt: 1000 + n,
  changedAt: 1000 + n,
  operationId: uuid(1000 + n),
  version: 0,
  ...change,
});

/** An event that continues nothing; its hash is no true one (see `hashed`). */
export const accessEvent = (part: Partial<AccessEvent> = {}): AccessEvent => ({
  eventId: randomUUID(),
  kioskId: uuid(1),
  sequence: 1,
  at: 1_000_000,
  kind: 'unlocked',
  staffId: null,
  serialNumber: null,
  attemptId: null,
  errorCode: null,
  offline: true,
  stageMs: {},
  previousHash: firstPreviousHash,
  hash: '0'.repeat(64),
  ...part,
});

/** The same with its own hash. */
export const hashed = ({ hash: _, ...event }: AccessEvent): AccessEvent => ({
  ...event,
  hash: createHash('sha256').update(journalHashInput(event)).digest('hex'),
});

/** What the journal service hands to `appendAccessEvent`. */
export const composeEvent =
  (eventId: string, at = 5000, kioskId = uuid(1)) =>
  (sequence: number, previousHash: string): AccessEvent =>
    hashed(
      accessEvent({ eventId, kioskId, sequence, at, kind: 'signed_in', staffId: uuid(2), previousHash }),
    );
