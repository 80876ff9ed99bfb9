/**
 * A piece of a journal that somebody else can check without asking anybody (docs/journal-format.md): the events as they were chained, and
 * a statement, signed by who hands them out, that names the two ends of the chain.
 */
import { z } from 'zod';
import { publicJwkSchema } from '../http/contract.ts';
import { epochMsSchema, uuidSchema } from '../models/primitives.ts';

export const signedJournalFormat = 'latchpoint-journal';
/** The `typ` of the signature: it can't be taken for any other statement of the same key. */
export const signedJournalType = 'latchpoint-journal-export';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const journalStatementSchema = z.strictObject({
  format: z.literal(signedJournalFormat),
  version: z.literal(1),
  /** Whose key has signed: the kiosk's that wrote the journal, or the backend's that keeps it. */
  signer: z.enum(['kiosk', 'backend']),
  kioskId: uuidSchema,
  kioskName: z.string(),
  storeId: uuidSchema,
  storeName: z.string(),
  /** IANA; null where the store has none. */
  timeZone: z.string().nullable(),
  exportedAt: epochMsSchema,
  /** Who took it; null where no person of the store did. */
  exportedBy: uuidSchema.nullable(),
  events: z.int().min(0),
  /** Sequence numbers of the first and the last event, the hash before the first, and that of the last; null of no events. */
  first: z.int().min(1).nullable(),
  last: z.int().min(1).nullable(),
  previousHash: hashSchema.nullable(),
  lastHash: hashSchema.nullable(),
});
export type JournalStatement = z.infer<typeof journalStatementSchema>;

/** Events are looked into one by one: a later release may add fields to them, and the chain covers those, too. */
export const signedJournalSchema = z.strictObject({
  statement: journalStatementSchema,
  /** The public key that belongs to the signature (P-256). Whose it is, only its fingerprint tells. */
  key: publicJwkSchema,
  /** A compact JWS (ES256) whose payload is the statement as canonical JSON. */
  signature: z.string().max(16_384),
  events: z.array(z.looseObject({})),
});
export type SignedJournal = z.infer<typeof signedJournalSchema>;

/** The file as text, in pieces: one event a line, so that it can be written as it is read. */
export const signedJournalText = {
  start: ({ statement, key, signature }: Omit<SignedJournal, 'events'>): string =>
    `{\n"statement": ${JSON.stringify(statement)},\n"key": ${JSON.stringify(key)},\n"signature": ${JSON.stringify(signature)},\n"events": [\n`,
  /** `isFirst`: no event came before these. */
  events: (events: readonly object[], isFirst: boolean): string =>
    events.map((event, at) => `${isFirst && at === 0 ? '' : ',\n'}${JSON.stringify(event)}`).join(''),
  end: '\n]\n}\n',
};
