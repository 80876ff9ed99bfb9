import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it as base } from 'vitest';
import { publicJwkSchema, timeType } from '#shared/http/contract.ts';
import { revocationType } from '#shared/http/revocation.ts';
import { createBackendClient } from '../../backend/client.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { checkTime } from './time-check.ts';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

interface Answering {
  /** The right time minus what the kiosk's clock says. */
  readonly aheadMs?: number;
  readonly tookMs?: number;
  readonly signer?: () => Pair;
  /** Earlier backends give none. */
  readonly typ?: string;
  readonly nonceOf?: (asked: string) => string;
}

const it = base
  .extend('backend', { scope: 'file' }, () => generateKeyPair('ES256'))
  .extend('other', { scope: 'file' }, () => generateKeyPair('ES256'))
  .extend('backendKey', { scope: 'file' }, async ({ backend }) =>
    publicJwkSchema.parse(await exportJWK(backend.publicKey)),
  )
  .extend(
    'check',
    ({ backend, backendKey }) =>
      ({ aheadMs = 0, tookMs = 0, signer = () => backend, typ, nonceOf = (asked) => asked }: Answering) => {
        const clock = new ManualClock();
        return checkTime(
          {
            backendKey,
            clock,
            random: seededRandom(1),
            logger: silentLogger,
            backend: createBackendClient({
              clock,
              backendUrl: 'http://backend.test',
              fetch: async (url) => {
                const nonce = nonceOf(new URL(url).searchParams.get('nonce') ?? '');
                // Half of the time goes by on the way there, half on the way back.
                const now = Math.round(clock.now() + tookMs / 2 + aheadMs);
                await clock.advance(tookMs);
                const payload = new TextEncoder().encode(JSON.stringify({ now, nonce }));
                const signed = new CompactSign(payload).setProtectedHeader({
                  alg: 'ES256',
                  ...(typ === undefined ? {} : { typ }),
                });
                return Response.json({ time: await signed.sign(signer().privateKey) });
              },
            }),
          },
          new AbortController().signal,
        );
      },
  );

describe('a check of the time', () => {
  it.for([
    [3_600_000, -3_600_000],
    [-90_000, 90_000],
    [0, 0],
  ] as const)(
    'says of a kiosk whose right time is %i ms ahead that it is %i ms ahead of it',
    async ([aheadMs, skew], { check }) => {
      expect(await check({ aheadMs })).toBe(skew);
      expect(await check({ aheadMs, tookMs: 4_000 })).toBe(skew);
    },
  );

  it('believes no answer to an earlier question', async ({ check }) => {
    expect(await check({ nonceOf: () => 'the nonce of yesterday' })).toBeNull();
  });

  it("believes nobody else's signature", async ({ other, check }) => {
    expect(await check({ signer: () => other })).toBeNull();
  });

  it('believes no answer that was on its way for too long to say much about now', async ({ check }) => {
    expect(await check({ tookMs: 10_000 })).toBe(0);
    expect(await check({ tookMs: 12_000 })).toBeNull();
  });
});

it.for([
  ['that says so', timeType, 0],
  ['of a backend that gives no type', undefined, 0],
  ['that was signed as a revocation', revocationType, null],
] as const)('time %s', async ([_, typ, skew], { check }) => {
  expect(await check(typ === undefined ? {} : { typ })).toBe(skew);
});
