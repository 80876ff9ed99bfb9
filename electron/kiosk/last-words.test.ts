/** What a revoked kiosk keeps for the backend, beside what an earlier identity has left, and what ends it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompactSign, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { expect } from 'vitest';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';
import { lastWordsReceiptType, lastWordsRequestSchema } from '#shared/http/revocation.ts';
import { composeEvent, uuid } from '#support/documents.ts';
import { folderTest } from '#support/folder-test.ts';
import { revocationWord } from '#support/revocation-word.ts';
import { createBackendClient } from './backend/client.ts';
import { createLastWords, type LastWords } from './last-words.ts';
import type { FetchInit } from './platform/http.ts';
import { silentLogger as logger } from '#shared/flow/logger.ts';
import { ManualClock } from './platform/manual-clock.ts';
import { seededRandom } from './platform/seeded-random.ts';

interface Keys {
  readonly jwk: PublicJwk;
  readonly privateKey: CryptoKey;
}
const makeKeys = async (): Promise<Keys> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { jwk: publicJwkSchema.parse(await exportJWK(publicKey)), privateKey };
};
const sign = (content: unknown, { privateKey }: Keys, typ: string): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ES256', typ })
    .sign(privateKey);
const digestOf = (sealed: string): string => createHash('sha256').update(sealed).digest('hex');

type AnswerTo = (sealed: string) => Promise<unknown>;
const nobody: AnswerTo = () => Promise.reject(new TypeError('no network'));
interface ReceiptChange {
  readonly digest?: string;
  readonly typ?: string;
  readonly by?: Keys;
}
const [earlier, later] = [uuid(1), uuid(2)];

const test = folderTest
  .extend('path', ({ folder }) => join(folder, 'last-words.sealed'))
  .extend('backend', () => makeKeys())
  .extend(
    'receipt',
    ({ backend }) =>
      ({ digest, typ = lastWordsReceiptType, by = backend }: ReceiptChange = {}): AnswerTo =>
      async (sealed) => ({
        receipt: await sign({ purpose: 'last words taken', digest: digest ?? digestOf(sealed) }, by, typ),
      }),
  )
  /** A run of the kiosk that was `kioskId`. */
  .extend('runOf', ({ path, backend }, { onCleanup }) => {
    const opened: LastWords[] = [];
    onCleanup(async () => {
      for (const words of opened) await words.dispose();
    });
    return (kioskId: string, answer: AnswerTo = nobody) => {
      const clock = new ManualClock();
      const asked: string[] = [];
      const event = composeEvent(uuid(9), 5_000, kioskId)(1, '0'.repeat(64));
      const words = createLastWords({
        path,
        undelivered: () => Promise.resolve({ events: [event], enrolments: [] }),
        sign: async (type, content) => sign(JSON.parse(content), await makeKeys(), type),
        backendKey: () => backend.jwk,
        backend: createBackendClient({
          backendUrl: 'https://backend.test',
          clock,
          fetch: async (_url: string, init?: FetchInit) => {
            const { sealed } = lastWordsRequestSchema.parse(JSON.parse(init?.body ?? ''));
            asked.push(sealed);
            return Response.json(await answer(sealed));
          },
        }),
        clock,
        random: seededRandom(1),
        logger,
      });
      opened.push(words);
      return { words, clock, asked };
    };
  })
  .extend(
    'wordFor',
    ({ backend }) =>
      (kioskId: string) =>
        revocationWord({ kioskId, sealingKey: backend.jwk }),
  )
  .extend(
    'kept',
    ({ path }) =>
      (): string[] =>
        existsSync(path)
          ? [...readFileSync(path, 'utf8').matchAll(/"kioskId":"([^"]+)"/g)].map(([, id = '']) => id)
          : [],
  );

test('what an earlier identity has left stays, also where the next one ends before that was read', async ({
  receipt,
  runOf,
  wordFor,
  kept,
}) => {
  await runOf(earlier).words.keep(wordFor(earlier));
  expect(kept()).toEqual([earlier]);
  const next = runOf(later);
  await Promise.all([next.words.start(), next.words.keep(wordFor(later))]);
  expect(kept()).toEqual([earlier, later]);
  // As after a death while it was erasing: it is revoked at its start, before it looks at what is left.
  const again = runOf(later);
  await again.words.keep(wordFor(later));
  await again.words.start();
  expect(kept()).toEqual([earlier, later]);
  const last = runOf(later, receipt());
  await last.words.start();
  await expect.poll(kept).toEqual([]);
  expect(last.asked).toHaveLength(2);
});

type Receipt = (change: ReceiptChange) => AnswerTo;
test.for<readonly [string, (receipt: Receipt) => AnswerTo | Promise<AnswerTo>]>([
  ['says so unsigned', () => () => Promise.resolve({ taken: true })],
  ['signs with a key of its own', async (receipt) => receipt({ by: await makeKeys() })],
  ['shows the receipt of other words', (receipt) => receipt({ digest: digestOf('other words') })],
  ['shows a statement of another kind', (receipt) => receipt({ typ: 'latchpoint-time' })],
])(
  'who answers in the backend’s place and %s takes nothing away',
  async ([_what, make], { receipt, runOf, wordFor, kept }) => {
    const { words, clock, asked } = runOf(earlier, await make(receipt));
    await words.keep(wordFor(earlier));
    await expect.poll(() => asked.length).toBe(1);
    const anHourLater = async (): Promise<number> => {
      await clock.advance(3_600_000);
      return asked.length;
    };
    await expect.poll(anHourLater).toBeGreaterThan(2);
    expect(kept()).toEqual([earlier]);
    expect(new Set(asked).size).toBe(1);
  },
);
