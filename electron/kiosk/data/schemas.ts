/**
 * RxDB's view of the collections: primary keys and the indexes that are queried. What a document may contain is said once,
 * by the zod schemas in `shared/models`; a test holds the two in step.
 */
import type { RxJsonSchema } from 'rxdb/plugins/core';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import type {
  KeyCertificateDocument,
  LockDocument,
  StaffDocument,
  StoreDocument,
  TrustDocument,
} from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';

/** An enrolment as it is stored. */
export type StoredEnrolment = EnrolmentDocument & {
  /** True from a local change until the backend has acknowledged that change. */
  readonly pending: boolean;
  /** Access events of local changes, from the change until the journal holds them; left out where there are none. */
  readonly unrecorded?: readonly PlannedEvent[];
};

export interface StoredTypes {
  readonly store: StoreDocument;
  readonly locks: LockDocument;
  readonly keyCertificates: KeyCertificateDocument;
  readonly trust: TrustDocument;
  readonly staff: StaffDocument;
  readonly enrolments: StoredEnrolment;
  readonly accessEvents: AccessEvent;
}

const text = { type: 'string' } as const;
const key = (maxLength: number) => ({ type: 'string', maxLength }) as const;
const integer = { type: 'integer' } as const;
const object = { type: 'object' } as const;
const uuidLength = 36;
const serialLength = 16;

/** Of all kinds of trust document together. */
const trustProperties = {
  trustId: key(100),
  kind: text,
  owner: text,
  certificate: text,
  notBefore: integer,
  notAfter: integer,
  list: text,
  serialNumber: text,
  token: text,
  version: integer,
};

export const rxSchemas: { readonly [N in keyof StoredTypes]: RxJsonSchema<StoredTypes[N]> } = {
  store: {
    version: 0,
    type: 'object',
    primaryKey: 'storeId',
    properties: {
      storeId: key(uuidLength),
      name: text,
      district: text,
      organisation: text,
      policy: object,
      language: text,
      rights: {},
      duress: { type: 'array', items: object },
      badgeKey: text,
      version: integer,
    },
  },
  locks: {
    version: 0,
    type: 'object',
    primaryKey: 'serialNumber',
    properties: {
      serialNumber: key(serialLength),
      type: text,
      name: text,
      group: text,
      place: { type: ['string', 'null'] },
      deviceCertificate: text,
      version: integer,
    },
  },
  keyCertificates: {
    version: 0,
    type: 'object',
    primaryKey: 'serialNumber',
    properties: { serialNumber: key(serialLength), sealed: text, version: integer },
  },
  trust: {
    version: 0,
    type: 'object',
    primaryKey: 'trustId',
    properties: trustProperties,
  },
  staff: {
    version: 0,
    type: 'object',
    primaryKey: 'staffId',
    properties: {
      staffId: key(uuidLength),
      name: text,
      pin: object,
      duressPin: object,
      language: text,
      employeeNumber: text,
      roles: { type: 'array', items: text },
      assignments: { type: 'array', items: object },
      badges: { type: 'array', items: object },
      from: text,
      until: text,
      version: integer,
    },
  },
  enrolments: {
    version: 0,
    type: 'object',
    primaryKey: 'enrolmentId',
    properties: {
      enrolmentId: key(uuidLength),
      serialNumber: text,
      state: text,
      problem: { type: ['object', 'null'] },
      type: text,
      name: text,
      group: text,
      enrolmentCode: text,
      deviceCertificate: text,
      proof: { type: ['string', 'null'] },
      replaces: text,
      kioskId: text,
      staffId: text,
      capturedAt: integer,
      changedAt: integer,
      operationId: text,
      version: integer,
      pending: { type: 'boolean' },
      unrecorded: { type: 'array', items: object },
    },
  },
  accessEvents: {
    version: 0,
    type: 'object',
    primaryKey: 'eventId',
    properties: {
      eventId: key(uuidLength),
      kioskId: text,
      // From 0, so that a query from the very start is not cut to the first number.
      sequence: { type: 'integer', minimum: 0, maximum: 1_000_000_000_000, multipleOf: 1 },
      at: integer,
      kind: text,
      staffId: { type: ['string', 'null'] },
      serialNumber: { type: ['string', 'null'] },
      attemptId: { type: ['string', 'null'] },
      errorCode: { type: ['string', 'null'] },
      offline: { type: 'boolean' },
      stageMs: object,
      clock: object,
      correction: object,
      orderId: text,
      renaming: object,
      replacement: object,
      place: text,
      alarm: text,
      sweep: object,
      batteries: { type: 'array', items: object },
      round: object,
      served: object,
      badges: { type: 'array', items: text },
      allBadges: { type: 'boolean' },
      method: text,
      approver: object,
      duress: { type: 'boolean' },
      reason: object,
      waited: object,
      exported: object,
      lockList: object,
      update: object,
      purpose: text,
      group: text,
      previousHash: text,
      hash: text,
    },
    required: ['sequence'],
    indexes: ['sequence'],
  },
};
