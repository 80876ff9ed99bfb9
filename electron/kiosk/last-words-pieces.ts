/** Last words as they lie on the disk: statements small enough to be handed in, each signed and sealed, and whose they are. */
import { CompactEncrypt, importJWK } from 'jose';
import { z } from 'zod';
import { publicJwkSchema } from '#shared/http/contract.ts';
import {
  lastWordsType,
  mostLastWordsBytes,
  type LastWordsStatement as Statement,
  type SignedRevocation,
} from '#shared/http/revocation.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { readJson } from '#shared/models/json.ts';

export interface Undelivered {
  readonly events: readonly AccessEvent[];
  readonly enrolments: readonly EnrolmentDocument[];
}

/** `backendKey`: whose receipt takes it away. */
const pieceSchema = z.strictObject({ kioskId: z.string(), sealed: z.string(), backendKey: publicJwkSchema });
export type Piece = z.infer<typeof pieceSchema>;

/** Statements that are small enough to be handed in, in the order of the events. */
export const inPieces = (kioskId: string, { events, enrolments }: Undelivered): Statement[] => {
  const statements: Statement[] = [];
  let [accessEvents, left]: [AccessEvent[], EnrolmentDocument[]] = [[], []];
  let bytes = 0;
  const end = (): void => {
    if (accessEvents.length + left.length > 0) {
      statements.push({ purpose: 'last words', kioskId, accessEvents, enrolments: left });
    }
    [accessEvents, left, bytes] = [[], [], 0];
  };
  const makeRoom = (row: unknown): void => {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + size > mostLastWordsBytes - overhead) end();
    bytes += size;
  };
  for (const event of events) {
    makeRoom(event);
    accessEvents.push(event);
  }
  for (const enrolment of enrolments) {
    makeRoom(enrolment);
    left.push(enrolment);
  }
  end();
  return statements;
};

/** What is around the rows of a statement. */
const overhead = 200;

export const sealEach = async (
  statements: readonly Statement[],
  { sealingKey }: SignedRevocation,
  sign: (type: string, content: string) => Promise<string>,
): Promise<string[]> => {
  if (statements.length === 0) return [];
  const recipient = await importJWK({ ...sealingKey }, 'ECDH-ES');
  const texts: string[] = [];
  for (const statement of statements) {
    const signed = await sign(lastWordsType, JSON.stringify(statement));
    const sealed = await new CompactEncrypt(Buffer.from(signed))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', cty: 'JOSE' })
      .encrypt(recipient);
    texts.push(sealed);
  }
  return texts;
};

export const readPieces = (text: string): Piece[] =>
  text.split('\n').flatMap((line) => {
    const piece = readJson(pieceSchema, line);
    return piece ? [piece] : [];
  });
