/** What a revoked kiosk keeps for the backend, beside what an earlier identity has left, and what ends it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';
import { lastWordsReceiptType, lastWordsRequestSchema } from '#shared/http/revocation.ts';
import { composeEvent, uuid } from '#support/documents.ts';
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

let folder = '';
let path = '';
let backend: Keys;
let opened: LastWords[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchpoint-words-'));
  path = join(folder, 'last-words.sealed');
  backend = await makeKeys();
});
afterEach(async () => {
  for (const words of opened) await words.dispose();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

type AnswerTo = (sealed: string) => Promise<unknown>;
const nobody: AnswerTo = () => Promise.reject(new TypeError('no network'));
const receipt =
  (change: { readonly digest?: string; readonly typ?: string; readonly by?: Keys } = {}): AnswerTo =>
  async (sealed) => ({
    receipt: await sign(
      { purpose: 'last words taken', digest: change.digest ?? digestOf(sealed) },
      change.by ?? backend,
      change.typ ?? lastWordsReceiptType,
    ),
  });

/** A run of the kiosk that was `kioskId`. */
const runOf = (kioskId: string, answer: AnswerTo = nobody) => {
  const clock = new ManualClock();
  const asked: string[] = [];
  const words = createLastWords({
    path,
    undelivered: () =>
      Promise.resolve({ events: [composeEvent(uuid(9), 5_000, kioskId)(1, '0'.repeat(64))], enrolments: [] }),
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
const [earlier, later] = [uuid(1), uuid(2)];
const wordFor = (kioskId: string) => revocationWord({ kioskId, sealingKey: backend.jwk });
const kept = (): string[] =>
  existsSync(path)
    ? [...readFileSync(path, 'utf8').matchAll(/"kioskId":"([^"]+)"/g)].map(([, id = '']) => id)
    : [];

test('what an earlier identity has left stays, also where the next one ends before that was read', async () => {
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

test.each<readonly [string, () => AnswerTo | Promise<AnswerTo>]>([
  ['says so unsigned', () => () => Promise.resolve({ taken: true })],
  ['signs with a key of its own', async () => receipt({ by: await makeKeys() })],
  ['shows the receipt of other words', () => receipt({ digest: digestOf('other words') })],
  ['shows a statement of another kind', () => receipt({ typ: 'latchpoint-time' })],
])('who answers in the backend’s place and %s takes nothing away', async (_what, make) => {
  const { words, clock, asked } = runOf(earlier, await make());
  await words.keep(wordFor(earlier));
  await expect.poll(() => asked.length).toBe(1);
  const anHourLater = async (): Promise<number> => {
    await clock.advance(3_600_000);
    return asked.length;
  };
  await expect.poll(anHourLater).toBeGreaterThan(2);
  expect(kept()).toEqual([earlier]);
  expect(new Set(asked).size).toBe(1);
});
