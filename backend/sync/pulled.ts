/** What a kiosk can pull, and from where. */
import { sql, type RawBuilder } from 'kysely';
import type { z } from 'zod';
import type { CollectionName } from '#shared/models/documents.ts';
import type { pullQuerySchema } from '#shared/http/contract.ts';

export type PulledCollection = Exclude<CollectionName, 'accessEvents'>;
export type PulledTable = 'stores' | 'locks' | 'key_certificates' | 'trust' | 'staff' | 'enrolments';
export type PullQuery = z.infer<typeof pullQuerySchema>;

interface Source<T extends PulledTable> {
  readonly table: T;
  /** Which of its rows; never applied after a LIMIT. */
  readonly condition: RawBuilder<unknown>;
}
const all = <T extends PulledTable>(table: T): Source<T> => ({ table, condition: sql`true` });

export const sourceOf = {
  store: all('stores'),
  locks: all('locks'),
  keyCertificates: all('key_certificates'),
  trust: all('trust'),
  staff: all('staff'),
  // An import came from an operator: no kiosk has a queue entry for it.
  enrolments: { table: 'enrolments', condition: sql`origin = 'kiosk'` },
} as const satisfies Record<PulledCollection, Source<PulledTable>>;
