/** Only the backend's signature over this kiosk and this question is its word; everything else that says "revoked" is not. */
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { expect, it } from 'vitest';
import { publicJwkSchema, revocationAudience, timeType } from '#shared/http/contract.ts';
import { lastWordsType, revocationRequestSchema, revocationType } from '#shared/http/revocation.ts';
import { ids } from '#support/kiosk-rows.ts';
import { revocationWord } from '#support/revocation-word.ts';
import { createBackendClient } from '../../backend/client.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { askForRevocation } from './revocation-check.ts';

const pair = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');
const backendKey = publicJwkSchema.parse(await exportJWK(pair.publicKey));

interface Said {
  readonly content?: object;
  readonly typ?: string | undefined;
  readonly key?: typeof pair.privateKey;
  readonly status?: number;
}
const sign = ({ content = {}, typ, key = pair.privateKey }: Said, nonce: string): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify({ ...revocationWord(), nonce, ...content })))
    .setProtectedHeader({ alg: 'ES256', ...(typ === undefined ? {} : { typ }) })
    .sign(key);

const seen = '12.0a';
const ask = async (said: Said, answer?: (signed: string) => unknown, journal: string | null = null) => {
  const audiences: string[] = [];
  const word = await askForRevocation(
    {
      journal,
      seen,
      auth: {
        kioskId: ids.kiosk,
        backendKey,
        clientAssertion: (audience) => {
          audiences.push(audience);
          return Promise.resolve('assertion');
        },
      },
      backend: createBackendClient({
        clock: new ManualClock(),
        backendUrl: 'http://backend.test',
        fetch: async (_url, init) => {
          const { nonce, ...claims } = revocationRequestSchema.parse(JSON.parse(init?.body ?? ''));
          expect([claims.journal, claims.seen]).toEqual([journal ?? undefined, seen]);
          const signed = await sign(said, nonce);
          const body = answer ? answer(signed) : { revocation: signed };
          return Response.json(body, { status: said.status ?? 200 });
        },
      }),
      random: seededRandom(3),
      logger: silentLogger,
    },
    new AbortController().signal,
  );
  expect(audiences).toEqual([revocationAudience]);
  return word;
};

const genuine: Said = { typ: revocationType };

it('is believed with the backend’s signature, for this kiosk and this question', async () => {
  expect(await ask(genuine)).toMatchObject({ kioskId: ids.kiosk, reason: 'lost_or_stolen' });
});

it.each<readonly [string, Said]>([
  ['signed by somebody else', { ...genuine, key: stranger.privateKey }],
  ['that was an answer to another question', { ...genuine, content: { nonce: 'an older nonce of it' } }],
  ['of another kiosk', { ...genuine, content: { kioskId: ids.ann } }],
  ['that is no revocation', { ...genuine, content: { purpose: 'time' } }],
  ['that is signed as the time', { ...genuine, typ: timeType }],
  ['that is signed as last words', { ...genuine, typ: lastWordsType }],
  ['that is signed as nothing in particular', { typ: undefined }],
  ['without a key to seal to', { ...genuine, content: { sealingKey: undefined } }],
  ['in an answer that refuses', { ...genuine, status: 404 }],
])('a word %s is none', async (_, said) => {
  expect(await ask(said)).toBeNull();
});

it.each<readonly [string, (signed: string) => unknown]>([
  ['no JWS', () => ({ revocation: 'revoked' })],
  ['a JWS without signature', (signed) => ({ revocation: signed.split('.').slice(0, 2).join('.') + '.' })],
  [
    'a changed one',
    (signed) => ({ revocation: signed.replace(/\.(.)/, (_, c: string) => (c === 'A' ? '.B' : '.A')) }),
  ],
  ['a portal’s page', () => 'please sign in'],
  ['the code alone', () => ({ error: { code: 'sync.revoked', params: {} } })],
])('%s is no word', async (_, answer) => {
  expect(await ask(genuine, answer)).toBeNull();
});

it('the kiosk names the newest event that was stored, and hears that it was lost', async () => {
  const word = await ask({ ...genuine, content: { journalLost: true } }, undefined, `7.${'a'.repeat(64)}`);
  expect(word).toMatchObject({ journalLost: true });
});

it('a reason of a later release is taken as none in particular', async () => {
  expect(await ask({ ...genuine, content: { reason: 'recalled' } })).toMatchObject({ reason: 'unspecified' });
});
