/**
 * Takes what a revoked kiosk had not delivered. It is sealed to the backend and signed with the key that the kiosk had, so
 * whoever hands it in, and when, changes nothing. It brings no lock a key: a revoked kiosk says what has been, and asks for nothing.
 */
import { createHash } from 'node:crypto';
import { compactDecrypt, CompactSign, compactVerify, errors, importJWK } from 'jose';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { PublicJwk, PushResult } from '#shared/http/contract.ts';
import {
  lastWordsReceiptType,
  lastWordsSchema,
  lastWordsType,
  type LastWordsStatement,
  type LastWordsReceipt,
} from '#shared/http/revocation.ts';
import { parseJson } from '#shared/models/json.ts';
import { keepLeftBehind } from '../enrolment/left-behind.ts';
import { refusingInvalid } from '../identity/assertions.ts';
import { formerKeysOf } from '../identity/former-keys.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Db } from '../store/database.ts';
import { countWords } from './count-words.ts';

/** Resolves with the signed receipt. Fails with `sync.refused` for what proves nothing, and for more than a kiosk can have to say. */
export type TakeLastWords = (sealed: string) => Promise<Result<string>>;
type StoreRows = (kiosk: KioskOfStore, rows: readonly unknown[]) => Promise<PushResult[]>;

export const createLastWordsIntake = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly backendKey: BackendKey;
  readonly sealingKey: BackendKey;
  readonly pushEvents: StoreRows;
  readonly pushEnrolments: StoreRows;
  readonly logger: Logger;
  now(): number;
}): TakeLastWords => {
  const { db, tenantId, logger } = ports;

  const keysOf = (kioskId: string) =>
    db
      .selectFrom('kiosks')
      .select(['kiosk_id', 'store_id', 'signing_key', 'previous_signing_key', 'revoked_at'])
      .where('tenant_id', '=', tenantId)
      .where('kiosk_id', '=', kioskId)
      .executeTakeFirst();

  const open = async (sealed: string): Promise<string> => {
    const { plaintext } = await compactDecrypt(sealed, ports.sealingKey.privateKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return Buffer.from(plaintext).toString();
  };

  /** Only for this does the kiosk let go of them: whoever stands before the backend must not take them away. */
  const receiptFor = (sealed: string): Promise<string> => {
    const digest = createHash('sha256').update(sealed).digest('hex');
    const receipt: LastWordsReceipt = { purpose: 'last words taken', digest };
    return new CompactSign(Buffer.from(JSON.stringify(receipt)))
      .setProtectedHeader({ alg: 'ES256', typ: lastWordsReceiptType })
      .sign(ports.backendKey.privateKey);
  };

  const take = async (sealed: string): Promise<Result<string>> => {
    const statement = await open(sealed);
    const claimed = readLastWords(Buffer.from(statement.split('.')[1] ?? '', 'base64url'));
    const found = await keysOf(claimed.kioskId);
    if (!found) return fail('sync.refused');
    const former = found.revoked_at === null ? [] : await formerKeysOf(db, tenantId, found.kiosk_id);
    const words = await verify(statement, [found.signing_key, found.previous_signing_key, ...former]);
    const { accessEvents, enrolments } = words;
    const kiosk = { kioskId: found.kiosk_id, storeId: found.store_id };
    if (!(await countWords(db, { tenantId, ...kiosk }, words))) return fail('sync.refused');
    const results = accessEvents.length > 0 ? await ports.pushEvents(kiosk, accessEvents) : [];
    await keepLeftBehind(
      { db, tenantId, pushEnrolments: ports.pushEnrolments, now: () => ports.now() },
      kiosk,
      enrolments,
    );
    logger.info('last words taken', {
      kioskId: kiosk.kioskId,
      events: accessEvents.length,
      invalid: results.filter(({ status }) => status === 'invalid').length,
      enrolments: enrolments.length,
    });
    return ok(await receiptFor(sealed));
  };

  return (sealed) => refusingInvalid(() => take(sealed));
};

/** Throws what `refusingInvalid` refuses. */
const readLastWords = (payload: Uint8Array): LastWordsStatement =>
  lastWordsSchema.parse(parseJson(Buffer.from(payload).toString()));

const verify = async (
  statement: string,
  keys: readonly (PublicJwk | null)[],
): Promise<LastWordsStatement> => {
  const [key, ...others] = keys.filter((each) => each !== null);
  if (!key) throw new errors.JWSSignatureVerificationFailed();
  try {
    const { payload, protectedHeader } = await compactVerify(statement, await importJWK(key, 'ES256'), {
      algorithms: ['ES256'],
    });
    if (protectedHeader.typ !== lastWordsType) throw new errors.JWSInvalid('another kind of statement');
    return readLastWords(payload);
  } catch (failure) {
    if (failure instanceof errors.JWSSignatureVerificationFailed && others.length > 0) {
      return verify(statement, others);
    }
    throw failure;
  }
};
