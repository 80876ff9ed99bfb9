/** Rows of a small store, as the backend hands them out. */
import { scryptSync } from 'node:crypto';
import type {
  IntermediateDocument,
  LockDocument,
  StaffDocument,
  StoreDocument,
} from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';

export const ids = {
  kiosk: '10000000-0000-4000-8000-000000000001',
  store: '20000000-0000-4000-8000-000000000001',
  ann: '30000000-0000-4000-8000-000000000001',
  bob: '30000000-0000-4000-8000-000000000002',
  enrolment: '40000000-0000-4000-8000-000000000001',
  operation: '50000000-0000-4000-8000-000000000001',
} as const;

export const serial = '0000051a00000005';
export const owner = 'acme-retail';

const dayMs = 86_400_000;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const storeRow = (policy: Partial<StoreDocument['policy']> = {}): StoreDocument => ({
  storeId: ids.store,
  name: 'Harbour Street',
  policy: { offlineLeaseHours: 168, idleSignOutSeconds: 60, holdOpenSeconds: 5, ...policy },
  version: 1,
});

export const lockRow = (serialNumber = serial, part: Partial<LockDocument> = {}): LockDocument => ({
  serialNumber,
  type: 'CAM',
  name: `Case ${serialNumber.slice(-1)}`,
  group: 'Perfume',
  deviceCertificate: base64('device certificate'),
  version: 2,
  ...part,
});

export const trustRow = (now: number, part: Partial<IntermediateDocument> = {}): IntermediateDocument => ({
  trustId: 'intermediate-1',
  kind: 'intermediate',
  owner,
  certificate: base64('intermediate'),
  notBefore: now - dayMs,
  notAfter: now + 13 * dayMs,
  version: 3,
  ...part,
});

/** A cheap hash: what the cost is belongs to the backend, and tests have many PINs to try. */
export const verifierOf = (pin: string, saltOf = pin): StaffDocument['pin'] => {
  const salt = Buffer.from(`salt of ${saltOf}`.padEnd(16, '.'));
  return {
    n: 16,
    r: 8,
    p: 1,
    salt: salt.toString('base64'),
    hash: scryptSync(pin, salt, 32, { N: 16, r: 8, p: 1 }).toString('base64'),
  };
};

export const staffRow = (staffId: string, name: string, pin: string): StaffDocument => ({
  staffId,
  name,
  pin: verifierOf(pin, name),
  version: 4,
});

export const enrolmentRow = (part: Partial<EnrolmentDocument> = {}): EnrolmentDocument => ({
  enrolmentId: ids.enrolment,
  serialNumber: serial,
  state: 'registered',
  problem: null,
  type: 'CAM',
  name: 'Case 5',
  group: 'Perfume',
  enrolmentCode: base64('enrolment code'),
  deviceCertificate: base64('device certificate'),
  kioskId: ids.kiosk,
  staffId: ids.ann,
  capturedAt: 1_000,
  changedAt: 1_000,
  operationId: ids.operation,
  version: 5,
  ...part,
});
