/** Checks a signed journal by nothing but itself: no database, no network (docs/journal-format.md). */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import {
  signedJournalSchema,
  signedJournalType,
  type JournalStatement,
  type SignedJournal,
} from '#shared/journal/signed-journal.ts';
import { canonicalJson } from '#shared/models/journal-hash.ts';
import { epochMsSchema } from '#shared/models/primitives.ts';
import { oddText } from './odd-text.ts';

export type Verdict =
  | { readonly kind: 'unreadable'; readonly why: string }
  | {
      readonly kind: 'read';
      readonly statement: JournalStatement;
      /** Of the key that has signed. */
      readonly fingerprint: string;
      /** What is wrong with it, the first thing first; none: all of it is as it was handed out. */
      readonly faults: readonly string[];
      /** When the first and the last event were recorded, by the kiosk's clock of then; null of no events. */
      readonly from: number | null;
      readonly until: number | null;
    };

const linkSchema = z.looseObject({
  sequence: z.int().min(1),
  at: epochMsSchema,
  kioskId: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});
type Link = z.infer<typeof linkSchema>;

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** RFC 7638, as hexadecimal digits. */
const fingerprintOf = ({ crv, kty, x, y }: SignedJournal['key']): string =>
  sha256(JSON.stringify({ crv, kty, x, y }));

const headerSchema = z.looseObject({
  alg: z.literal('ES256'),
  typ: z.literal(signedJournalType),
  // What has to be understood, and is not.
  crit: z.never().optional(),
});

const signatureFault = ({ statement, key, signature }: SignedJournal): string | null => {
  const [head = '', body = '', mark = '', ...more] = signature.split('.');
  try {
    headerSchema.parse(JSON.parse(Buffer.from(head, 'base64url').toString('utf8')));
    if (!Buffer.from(body, 'base64url').equals(Buffer.from(canonicalJson(statement)))) {
      return 'the statement is not the one that was signed';
    }
    const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' });
    const isRight =
      more.length === 0 &&
      verify(
        'sha256',
        Buffer.from(`${head}.${body}`),
        { key: publicKey, dsaEncoding: 'ieee-p1363' },
        Buffer.from(mark, 'base64url'),
      );
    return isRight ? null : 'the signature is not of this key';
  } catch {
    return 'the signature cannot be read';
  }
};

const hashOf = ({ hash: _hash, previousHash, ...rest }: Link): string =>
  // What is in a file that was parsed is JSON.
  sha256(previousHash + canonicalJson(rest as Parameters<typeof canonicalJson>[0]));

/** The first place where an event does not follow from the one before it, or where the chain is not the one that was signed. */
const chainFault = ({ statement, events }: SignedJournal): string | null => {
  let before: { readonly sequence: number; readonly hash: string } | null = null;
  for (const [at, each] of events.entries()) {
    const link = linkSchema.safeParse(each);
    if (!link.success) return `the event at place ${at + 1} cannot be read`;
    const { sequence, previousHash, hash } = link.data;
    const where = `event ${sequence}`;
    const expected: number | null = before ? before.sequence + 1 : statement.first;
    if (sequence !== expected) return `${where} stands where event ${String(expected)} belongs`;
    if (previousHash !== (before ? before.hash : statement.previousHash)) {
      return `${where} does not follow from the one before it`;
    }
    if (hashOf(link.data) !== hash) return `${where} is not what it was when it was recorded`;
    before = { sequence, hash };
  }
  if ((before?.sequence ?? null) !== statement.last || (before?.hash ?? null) !== statement.lastHash) {
    return 'the last event is not the one that was signed';
  }
  return events.length === statement.events
    ? null
    : `the file holds ${events.length} events, and ${statement.events} were signed`;
};

/** `expected`: the fingerprint of the key that should have signed, in whatever groups it is written. */
export const verifyJournal = (text: string, expected?: string): Verdict => {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: 'it is no JSON' };
  }
  const odd = oddText(text);
  const parsed = signedJournalSchema.safeParse(read);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    return { kind: 'unreadable', why: `it is no signed journal${path === '' ? '' : ` (${path})`}` };
  }
  const journal = parsed.data;
  const fingerprint = fingerprintOf(journal.key);
  const wanted = expected?.toLowerCase().replace(/[^0-9a-f]/g, '');
  const times = [journal.events[0], journal.events.at(-1)].map(
    (event) => linkSchema.safeParse(event).data?.at ?? null,
  );
  return {
    kind: 'read',
    statement: journal.statement,
    fingerprint,
    faults: [
      odd,
      signatureFault(journal),
      wanted === undefined || wanted === fingerprint ? null : 'it was signed by another key than expected',
      // One that is nested without end takes more room than there is.
      odd === null ? chainFault(journal) : null,
    ].filter((fault) => fault !== null),
    from: times[0] ?? null,
    until: times[1] ?? null,
  };
};
