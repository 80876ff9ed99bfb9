/** A kiosk that is to be revoked, and what it, an operator and a stranger do then. */
import { randomUUID } from 'node:crypto';
import { compactVerify, CompactEncrypt, CompactSign, importJWK } from 'jose';
import pg from 'pg';
import { expect } from 'vitest';
import { z } from 'zod';
import { enrolmentsAnswerSchema } from '#backend/admin/answers.ts';
import { revocationAudience } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import {
  lastWordsType,
  revocationAnswerSchema,
  revocationType,
  signedRevocationSchema,
  type SignedRevocation,
} from '#shared/http/revocation.ts';
import { composeEvent } from '#support/documents.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { assertion, post, type KioskKeys } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';

export interface Words {
  readonly keys?: KioskKeys;
  readonly typ?: string;
  readonly content?: object;
}

export const event = (kioskId: string, id = randomUUID()) =>
  composeEvent(id, Date.now(), kioskId)(1, firstPreviousHash);

export const lastWordsTest = storeTest.extend('scene', ({ world, storeId, kiosk }) => {
  const revoke = (body?: unknown) => world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`, body);
  const askRevocation = async (
    keys = kiosk.keys,
    audience: string = revocationAudience,
    claim: { journal?: string } = {},
  ): Promise<Response> =>
    post(world.backend.url + routes.revocation.path, {
      client_assertion: await assertion(keys, { kioskId: kiosk.kioskId, audience }),
      nonce: 'a nonce of the kiosk',
      ...claim,
    });
  const wordNow = async (claim: { journal?: string } = {}): Promise<SignedRevocation> => {
    const answer = await askRevocation(kiosk.keys, revocationAudience, claim);
    const { revocation } = revocationAnswerSchema.parse(await answer.json());
    const key = await importJWK({ ...kiosk.backendKey }, 'ES256');
    const { payload, protectedHeader } = await compactVerify(revocation, key);
    expect(protectedHeader.typ).toBe(revocationType);
    return signedRevocationSchema.parse(JSON.parse(Buffer.from(payload).toString()));
  };
  const seal = async ({
    keys = kiosk.keys,
    typ = lastWordsType,
    content = {},
  }: Words = {}): Promise<string> => {
    const { kioskId } = kiosk;
    const words = { purpose: 'last words', kioskId, accessEvents: [], enrolments: [], ...content };
    const signed = await new CompactSign(Buffer.from(JSON.stringify(words)))
      .setProtectedHeader({ alg: 'ES256', typ })
      .sign(keys.signing);
    return new CompactEncrypt(Buffer.from(signed))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(await importJWK({ ...(await wordNow()).sealingKey }, 'ECDH-ES'));
  };
  const handIn = async (sealed: string): Promise<number> =>
    (await post(world.backend.url + routes.lastWords.path, { sealed })).status;
  const eventsNow = async () =>
    z
      .object({ events: z.array(z.looseObject({ eventId: z.string(), kioskId: z.string() })) })
      .parse((await world.admin('GET', `/stores/${storeId}/events`)).body).events;
  const enrolmentsNow = async (query = '') =>
    enrolmentsAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/enrolments${query}`)).body)
      .enrolments;
  const setCount = async (rows: number): Promise<void> => {
    const { database } = world.config;
    const client = new pg.Client({ connectionString: database.kind === 'server' ? database.url : '' });
    await client.connect();
    await client.query('UPDATE kiosks SET last_words = $1 WHERE kiosk_id = $2', [rows, kiosk.kioskId]);
    await client.end();
  };
  return { askRevocation, revoke, wordNow, seal, handIn, eventsNow, enrolmentsNow, setCount };
});
