/** What is expected of the documents in the file: a disk may have changed what zod had seen before it was written. */
import { z } from 'zod';
import {
  collections,
  lockSchema,
  staffSchema,
  storeSchema,
  trustSchema,
  type CollectionName,
} from '#shared/models/documents.ts';
import { saidEnrolmentSchema } from '#shared/models/enrolment.ts';
import type { ReadRules } from './storage/stored-rows.ts';

/** What the backend may not have yet: saved from a damaged file. */
export const unsynced: ReadonlySet<string> = new Set(['enrolments', 'accessEvents']);

const rxFields = z.looseObject({
  _rev: z.string().regex(/^\d+-/),
  _deleted: z.boolean(),
  _attachments: z.looseObject({}),
  _meta: z.looseObject({ lwt: z.number() }),
});

/** What people are shown. One document that does not fit would keep all others of its list from the page. */
const shown: Partial<Record<CollectionName, z.ZodType>> = {
  store: storeSchema,
  locks: lockSchema,
  trust: trustSchema,
  staff: staffSchema,
  enrolments: saidEnrolmentSchema,
};

/** Whether this is still the document of that id, with all that RxDB and the page ask of it. */
export const isWhole = (collection: CollectionName, id: string, document: unknown): boolean => {
  const row = rxFields.safeParse(document).data;
  if (!row || row[collections[collection].primaryKey] !== id) return false;
  return row._deleted || (shown[collection]?.safeParse(row).success ?? true);
};

export const readRules: ReadRules = {
  /** A store can have ten thousand keys, and a person needs one of them at a time. */
  lazy: new Set(['keyCertificates']),
  isLoss: (collection, id, document) => isUnsynced(collection) && !isWhole(collection, id, document),
};

const isUnsynced = (collection: string): collection is CollectionName => unsynced.has(collection);
