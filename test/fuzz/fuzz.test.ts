/** The fuzzer finds what it should find, and a short run of it finds nothing in the link. */
import { describe, expect, it } from 'vitest';
import { LinkError } from '#kiosk/link/wire/link-error.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { allTargets } from './all-targets.ts';
import { fuzz, growth } from './fuzz.ts';
import { readKept } from './kept.ts';
import { mutate } from './mutate.ts';
import { expectThat, readOne, type FuzzTarget } from './target.ts';
import { announce, createWatched, inHand } from './watch.ts';

const rounds = (count: number): (() => boolean) => {
  let left = count;
  return () => left-- > 0;
};
const run = (target: FuzzTarget) =>
  fuzz({ targets: [target], random: seededRandom(1), goOn: rounds(20) }).findings.map(
    ({ problem }) => problem,
  );

describe('every reader of the link', () => {
  it.each(allTargets.map((target) => [target.name, target] as const))(
    '%s takes its valid inputs',
    (_name, target) => {
      for (const bytes of target.corpus) expect(readOne(target, bytes)).toMatchObject({ problem: null });
    },
  );

  it(
    'refuses what is broken by a named error, keeps its promises, and takes no time',
    { timeout: 60_000 },
    () => {
      const { findings, counts } = fuzz({ targets: allTargets, random: seededRandom(5), goOn: rounds(2) });
      expect(findings).toEqual([]);
      expect(counts.every(({ ways }) => ways > 1)).toBe(true);
    },
  );

  it.each(readKept().map((kept) => [kept.target, kept.why, kept.hex] as const))(
    '%s: %s',
    (name, _why, hex) => {
      const target = allTargets.find((candidate) => candidate.name === name);
      expect(target).toBeDefined();
      if (target)
        expect(readOne(target, new Uint8Array(Buffer.from(hex, 'hex')))).toMatchObject({ problem: null });
    },
  );
});

describe('the fuzzer finds', () => {
  const corpus = [Uint8Array.of(1, 2, 3, 4)];

  it('an error without a name, once or a few times', () => {
    const read = (bytes: Uint8Array): string => {
      if (bytes[0] === 0xff) throw new TypeError('not thought of');
      throw new LinkError('malformed', 'no');
    };
    const found = run({ name: 'careless', corpus, read });
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(5);
    expect(found[0]).toContain('not thought of');
  });

  it('a promise that does not hold', () => {
    const read = (bytes: Uint8Array): string => {
      expectThat(bytes.length < 40, 'nothing is long');
      return 'read';
    };
    expect(run({ name: 'boastful', corpus, read })[0]).toContain('nothing is long');
  });

  it('what lies behind a first step, by going on from inputs that went a new way', () => {
    const read = (bytes: Uint8Array): string => {
      if (bytes[0] !== 0x9b) return 'no';
      if (bytes[1] !== 0x7f) return 'one step';
      throw new RangeError('two steps');
    };
    expect(run({ name: 'deep', corpus, read })[0]).toContain('two steps');
  });

  it('memory that grows, and none where it only goes up and down', () => {
    expect(growth(Array.from({ length: 40 }, (_, index) => index * 1000))).toBeGreaterThan(10_000);
    expect(growth(Array.from({ length: 40 }, (_, index) => 5000 + (index % 3)))).toBeLessThan(5);
  });

  it('the input in hand, for whoever watches', () => {
    const watched = createWatched();
    announce(watched, 3, Uint8Array.of(1, 2, 3));
    announce(watched, 4, Uint8Array.of(9));
    expect(inHand(watched)).toEqual({ count: 2, target: 4, bytes: Uint8Array.of(9) });
  });
});

it('the same seed breaks the same bytes in the same way', () => {
  const inputs = (seed: number): Uint8Array[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 50 }, () => mutate([Uint8Array.of(1, 2, 3)], random));
  };
  expect(inputs(3)).toEqual(inputs(3));
  expect(inputs(3)).not.toEqual(inputs(4));
  expect(inputs(3).every((bytes) => bytes.length <= 4096)).toBe(true);
});
