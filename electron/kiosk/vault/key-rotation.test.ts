/** In which order a rotation goes, and what it never does: give up the old pair while anything is sealed to it. */
import { expect, test } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { routes } from '#shared/http/routes.ts';
import { createBackendClient } from '../backend/client.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createKeyRotation } from './key-rotation.ts';
import type { Vault } from './port.ts';

const identity: Vault['identity'] = {
  kioskId: 'a',
  kioskName: 'b',
  storeId: 'c',
  storeName: 'd',
  owner: 'e',
  vendorRoot: 'AAAA',
  backendKey: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
};

interface World {
  /** Whether a pull brings Key Certificates that are sealed anew. */
  readonly pulls: (count: number) => Result<null>;
  readonly sealsAnew: (count: number) => boolean;
  /** Whether there is a Key Certificate here before the first pull. */
  readonly holdsOne?: boolean;
}

const createParts = ({ pulls, sealsAnew, holdsOne = true }: World) => {
  const done: string[] = [];
  let rotation: Vault['rotation'] = 'none';
  let sealed = 'to the old pair';
  let count = 0;
  const note = <T>(what: string, value: T): Promise<T> => {
    done.push(what);
    return Promise.resolve(value);
  };
  const vault: Vault = {
    state: 'ready',
    identity,
    signingKey: null,
    fingerprint: null,
    get rotation() {
      return rotation;
    },
    prepareKeys: () => Promise.resolve(fail('vault.cannot_open')),
    saveIdentity: () => Promise.resolve(),
    clientAssertion: () => Promise.resolve('assertion'),
    signStatement: () => Promise.resolve('statement'),
    open: () => Promise.resolve(fail('vault.cannot_open')),
    openPin: () => Promise.resolve(null),
    mac: () => Promise.resolve(fail('vault.cannot_open')),
    isSealedToCurrent: (value) => Promise.resolve(value === 'to the new pair'),
    prepareRotation: () => note('prepared', ok({ request: 'request', proof: 'proof' })),
    adoptRotation: () => {
      rotation = 'adopted';
      return note('adopted', undefined);
    },
    settleRotation: () => {
      rotation = 'none';
      return note(`settled with a key sealed ${sealed}`, undefined);
    },
    isLeftErasing: false,
    forgetErasure: () => Promise.resolve(),
    erase: () => Promise.resolve(),
  };
  const clock = new ManualClock();
  const keyRotation = createKeyRotation({
    vault,
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    backend: createBackendClient({
      clock,
      backendUrl: 'http://backend.test',
      fetch: (url) => {
        const isToken = url.endsWith(routes.token.path);
        const answer = isToken
          ? { access_token: 't', token_type: 'Bearer', expires_in: 300 }
          : { registered: true };
        return note(isToken ? 'confirmed' : 'registered', Response.json(answer));
      },
    }),
    keys: {
      serials: () => new Set(holdsOne || count > 0 ? ['0000051a00000005'] : []),
      sealed: () => Promise.resolve(sealed),
      others: () => [],
      pullAnew: () => void done.push('all wanted anew'),
    },
    resync: () => {
      count += 1;
      if (pulls(count).ok && sealsAnew(count)) sealed = 'to the new pair';
      return note('pulled', pulls(count));
    },
  });
  /** Runs what is due until `what` has been done, or an hour has gone by. */
  const until = async (what: string): Promise<readonly string[]> => {
    for (let passed = 0; passed < 3600 && !done.includes(what); passed += 1) await clock.advance(1000);
    return done;
  };
  return { keyRotation, done, until };
};

const settled = 'settled with a key sealed to the new pair';

test('each step follows the one before, and the old pair goes last', async () => {
  const { keyRotation, until } = createParts({ pulls: () => ok(null), sealsAnew: () => true });
  keyRotation.wanted();
  expect(await until(settled)).toEqual([
    'prepared',
    'registered',
    'adopted',
    'confirmed',
    'all wanted anew',
    'pulled',
    settled,
  ]);
  await keyRotation.dispose();
});

test('a pull that brought a key sealed to the old pair is asked for again, by itself', async () => {
  const { keyRotation, until } = createParts({ pulls: () => ok(null), sealsAnew: (count) => count >= 6 });
  keyRotation.wanted();
  const done = await until(settled);
  expect(done.filter((step) => step.startsWith('settled'))).toEqual([settled]);
  expect(done.filter((step) => step === 'pulled')).toHaveLength(6);
  await keyRotation.dispose();
});

test('without the network it goes on later where it stopped, with the same new pair', async () => {
  const { keyRotation, until } = createParts({
    pulls: (count) => (count < 4 ? fail('sync.unreachable') : ok(null)),
    sealsAnew: () => true,
  });
  keyRotation.wanted();
  const done = await until(settled);
  expect(done.at(-1)).toBe(settled);
  expect(done.filter((step) => step === 'prepared' || step === 'adopted')).toEqual(['prepared', 'adopted']);
  await keyRotation.dispose();
});

test('where no key is here yet, one that is on its way may still be sealed to the old pair', async () => {
  const { keyRotation, until } = createParts({
    pulls: () => ok(null),
    sealsAnew: (count) => count >= 2,
    holdsOne: false,
  });
  keyRotation.wanted();
  expect((await until(settled)).filter((step) => step === 'pulled' || step.startsWith('settled'))).toEqual([
    'pulled',
    'pulled',
    settled,
  ]);
  await keyRotation.dispose();
});
