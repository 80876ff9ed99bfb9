import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manifestOf } from '#support/update-channel.ts';
import { choose, isReached, type Here } from './choose.ts';

const now = Date.UTC(2026, 0, 6);
const here = (rest: Partial<Here> = {}): Here => ({
  version: '0.3.0',
  platform: 'linux-x64',
  ring: 'all',
  storeId: 'a-store',
  newestIssuedAt: 0,
  wentBackFrom: null,
  ...rest,
});
const chosen = (manifest = manifestOf(), at = here(), when = now): string => {
  const result = choose(manifest, at, when);
  return result.ok ? (result.value?.file ?? 'nothing') : result.error.code;
};

describe('of what a channel offers', () => {
  test('a newer version for this kiosk is taken, and the same is nothing', () => {
    expect(chosen()).toBe('latchpoint_0.3.1_amd64.deb');
    expect(chosen(manifestOf(), here({ version: '0.3.1' }))).toBe('nothing');
  });

  test.each([
    ['update.older', manifestOf(), here({ version: '0.3.2' })],
    ['update.not_from_here', manifestOf({ from: '0.3.1', version: '0.4.0' }), here()],
    ['update.other_platform', manifestOf(), here({ platform: 'linux-arm64' })],
    ['update.replayed', manifestOf(), here({ newestIssuedAt: manifestOf().issuedAt + 1000 })],
    ['update.ahead', manifestOf({ issuedAt: now + 86_401_000 }), here()],
    ['latchpoint_0.3.1_amd64.deb', manifestOf({ issuedAt: now + 86_400_000 }), here()],
    ['nothing', manifestOf({ rings: {} }), here()],
    ['nothing', manifestOf({ rings: { pilot: 100 } }), here()],
    ['nothing', manifestOf(), here({ wentBackFrom: '0.3.1' })],
    ['latchpoint_0.3.1_amd64.deb', manifestOf({ rings: {}, stores: new Set(['a-store']) }), here()],
    ['latchpoint_0.3.1_amd64.deb', manifestOf({ rings: { pilot: 100 } }), here({ ring: 'pilot' })],
  ])('it says %s', (outcome, manifest, at) => {
    expect(chosen(manifest, at)).toBe(outcome);
  });

  test('what ran out is refused from that moment on', () => {
    const { expiresAt } = manifestOf();
    expect(chosen(manifestOf(), here(), expiresAt - 1)).toBe('latchpoint_0.3.1_amd64.deb');
    expect(chosen(manifestOf(), here(), expiresAt)).toBe('update.expired');
  });

  test('a ring that is opened further loses no store, and each per cent is about one in a hundred', () => {
    const stores = fc.sample(fc.uuid(), { numRuns: 4_000, seed: 7 });
    let before = new Set<string>();
    for (const share of [0, 1, 10, 25, 50, 99, 100]) {
      const reached = new Set(
        stores.filter((storeId) =>
          isReached(manifestOf({ rings: { early: share } }), here({ ring: 'early', storeId })),
        ),
      );
      expect([...before].every((storeId) => reached.has(storeId))).toBe(true);
      expect(Math.abs((reached.size / stores.length) * 100 - share)).toBeLessThan(3);
      before = reached;
    }
  });

  test('a kiosk without a store is reached last', () => {
    const at = here({ storeId: null });
    expect(isReached(manifestOf({ rings: { all: 99 } }), at)).toBe(false);
    expect(isReached(manifestOf({ rings: { all: 100 } }), at)).toBe(true);
  });

  test('whatever is offered in whatever order, no version and no manifest is ever followed by an older one', () => {
    const offers = fc.array(
      fc.record({ minor: fc.nat(6), issued: fc.nat(20), lasts: fc.integer({ min: 1, max: 20 }) }),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(offers, (all) => {
        let at = here({ version: '0.1.0' });
        for (const [when, { minor, issued, lasts }] of all.entries()) {
          const issuedAt = issued * 1000;
          const manifest = manifestOf({
            version: `0.${minor}.0`,
            from: '0.0.0',
            issuedAt,
            expiresAt: issuedAt + lasts * 1000,
          });
          const result = choose(manifest, at, when * 1000);
          if (!result.ok) continue;
          expect(issuedAt).toBeGreaterThanOrEqual(at.newestIssuedAt);
          expect(when * 1000).toBeLessThan(manifest.expiresAt);
          if (result.value) expect(minor).toBeGreaterThan(Number(at.version.split('.')[1]));
          at = { ...at, newestIssuedAt: issuedAt, version: result.value ? manifest.version : at.version };
        }
      }),
    );
  });
});
