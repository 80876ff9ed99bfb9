import { randomUUID } from 'node:crypto';
import { compactDecrypt, SignJWT } from 'jose';
import { expect } from 'vitest';
import {
  keyRotationAudience,
  revocationAudience,
  rotateKeysAnswerSchema,
  tokenAnswerSchema,
  tokenAudience,
} from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import { keyMaterialSchema } from '#shared/models/documents.ts';
import {
  assertion,
  makeKeys,
  post,
  requestToken,
  someSerial,
  type KioskKeys,
  type TestKiosk,
} from './test-kiosk.ts';
import { eventually } from './world.ts';
import { worldTest } from './world-test.ts';

interface Signed {
  readonly kioskId: string;
  readonly by: KioskKeys;
  readonly jti: string;
  readonly audience?: string;
  readonly claims?: Record<string, unknown>;
}

interface Change {
  readonly requestBy?: KioskKeys;
  readonly proofBy?: KioskKeys;
  readonly proofJti?: string;
  readonly audience?: string;
}

const test = worldTest
  .extend(
    'sign',
    ({ world }) =>
      ({ kioskId, by, jti, audience, claims }: Signed) =>
        new SignJWT({ ...claims, jti })
          .setProtectedHeader({ alg: 'ES256' })
          .setIssuer(kioskId)
          .setSubject(kioskId)
          .setAudience(audience ?? keyRotationAudience)
          .setExpirationTime(Math.floor((Date.now() + world.clock.offsetMs) / 1000) + 120)
          .sign(by.signing),
  )
  .extend(
    'rotate',
    ({ world, sign }) =>
      async ({ kioskId, keys }: TestKiosk, next: KioskKeys, change: Change = {}): Promise<number> => {
        const jti = randomUUID();
        const audience = change.audience ?? keyRotationAudience;
        const request = { kioskId, by: change.requestBy ?? keys, jti, audience, claims: next.registration };
        const proof = { kioskId, by: change.proofBy ?? next, jti: change.proofJti ?? jti, audience };
        const answer = await post(`${world.backend.url}/v1/kiosks/keys`, {
          request: await sign(request),
          proof: await sign(proof),
        });
        if (answer.status === 200) rotateKeysAnswerSchema.parse(await answer.json());
        return answer.status;
      },
  )
  .extend(
    'tokenStatus',
    ({ world }) =>
      async (kiosk: TestKiosk, keys: KioskKeys) =>
        (await requestToken(world.backend.url, await assertion(keys, kiosk))).status,
  );

test('both keys are good until the new one was used, so that a lost answer locks nobody out', async ({
  world,
  storeId,
  rotate,
  tokenStatus,
}) => {
  const kiosk = await world.makeKiosk(storeId);
  const next = makeKeys();
  expect(await rotate(kiosk, next)).toBe(200);
  expect(await tokenStatus(kiosk, kiosk.keys)).toBe(200);
  // The answer was lost: asked again, with the old key, it is answered alike.
  expect(await rotate(kiosk, next)).toBe(200);
  expect(await tokenStatus(kiosk, next)).toBe(200);
  expect(await tokenStatus(kiosk, kiosk.keys)).toBe(401);
  expect(await rotate(kiosk, makeKeys())).toBe(401);
});

test('what is pulled is sealed to the new key at once, on every instance', async ({
  world,
  storeId,
  rotate,
}) => {
  const second = await world.startInstance();
  const kiosk = await world.makeKiosk(storeId);
  const elsewhere = kiosk.at(second.url);
  const serial = someSerial();
  await kiosk.pushOne(kiosk.capture(serial));
  await eventually(async () => expect(await elsewhere.pullAll('keyCertificates')).not.toHaveLength(0));
  const next = makeKeys();
  expect(await rotate(kiosk, next)).toBe(200);
  for (const each of [kiosk, elsewhere]) {
    const row = (await each.pullAll('keyCertificates')).find(
      (document) => document['serialNumber'] === serial,
    );
    await expect(each.open(row?.['sealed'])).rejects.toThrow();
    const opened = await serialIn(next, row?.['sealed']);
    expect(opened).toBe(serial);
  }
});

const serialIn = async (keys: KioskKeys, sealed: unknown): Promise<string> => {
  const { plaintext } = await compactDecrypt(String(sealed), keys.sealing);
  return keyMaterialSchema.parse(JSON.parse(Buffer.from(plaintext).toString())).serialNumber;
};

test.for<[string, (kiosk: TestKiosk, next: KioskKeys) => Change]>([
  ['with another key than the kiosk has', () => ({ requestBy: makeKeys() })],
  ['without proof that the new key is had', (kiosk) => ({ proofBy: kiosk.keys })],
  ['with a proof made for another request', () => ({ proofJti: randomUUID() })],
  ['with what was signed for a token', () => ({ audience: tokenAudience })],
] as const)(
  'asked for %s it is refused and changes nothing',
  async ([_what, change], { world, storeId, rotate, tokenStatus }) => {
    const kiosk = await world.makeKiosk(storeId);
    const next = makeKeys();
    expect(await rotate(kiosk, next, change(kiosk, next))).toBe(401);
    expect(await tokenStatus(kiosk, next)).toBe(401);
    expect(await tokenStatus(kiosk, kiosk.keys)).toBe(200);
  },
);

test('what was signed to rotate is no assertion for a token', async ({ world, storeId, sign }) => {
  const kiosk = await world.makeKiosk(storeId);
  const request = { kioskId: kiosk.kioskId, by: kiosk.keys, jti: randomUUID() };
  expect((await requestToken(world.backend.url, await sign(request))).status).toBe(401);
});

test('of two at the same time one is taken', async ({ world, storeId, rotate, tokenStatus }) => {
  const kiosk = await world.makeKiosk(storeId);
  const nexts = [makeKeys(), makeKeys(), makeKeys()];
  await Promise.all(nexts.map((next) => rotate(kiosk, next)));
  const answers = await Promise.all(nexts.map((next) => tokenStatus(kiosk, next)));
  expect(answers.filter((status) => status === 200)).toHaveLength(1);
});

test('a revoked kiosk takes no new keys', async ({ world, storeId, rotate }) => {
  const kiosk = await world.makeKiosk(storeId);
  await world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`);
  expect(await rotate(kiosk, makeKeys())).toBe(403);
});

test('a kiosk is told to rotate when an operator asks for it, and when its keys are old', async ({
  world,
  storeId,
  sign,
  rotate,
}) => {
  const kiosk = await world.makeKiosk(storeId);
  const isWanted = async (keys: KioskKeys): Promise<boolean | undefined> => {
    const by = { kioskId: kiosk.kioskId, by: keys, jti: randomUUID(), audience: tokenAudience };
    const answer = await requestToken(world.backend.url, await sign(by));
    return tokenAnswerSchema.parse(await answer.json()).rotate_keys;
  };
  expect(await isWanted(kiosk.keys)).toBe(false);
  expect((await world.admin('POST', `/kiosks/${kiosk.kioskId}/rotate-keys`)).status).toBe(202);
  expect((await world.admin('POST', `/kiosks/${randomUUID()}/rotate-keys`)).status).toBe(404);
  expect(await isWanted(kiosk.keys)).toBe(true);
  const next = makeKeys();
  expect(await rotate(kiosk, next)).toBe(200);
  expect(await isWanted(next)).toBe(false);
  world.clock.offsetMs = 91 * 86_400_000;
  expect(await isWanted(next)).toBe(true);
  world.clock.offsetMs = 0;
});

test('a copy that missed changes of keys proves itself for the word of a revocation, and for nothing else', async ({
  world,
  storeId,
  rotate,
  tokenStatus,
}) => {
  const kiosk = await world.makeKiosk(storeId);
  const [second, third, fourth] = [makeKeys(), makeKeys(), makeKeys()];
  expect(await rotate(kiosk, second)).toBe(200);
  expect(await rotate({ ...kiosk, keys: second }, third)).toBe(200);
  expect(await rotate({ ...kiosk, keys: third }, fourth)).toBe(200);
  expect(await tokenStatus(kiosk, fourth)).toBe(200);
  const ask = async (keys: KioskKeys): Promise<number> => {
    const claims = { kioskId: kiosk.kioskId, audience: revocationAudience };
    const body = { client_assertion: await assertion(keys, claims), nonce: 'a nonce of the kiosk' };
    return (await post(world.backend.url + routes.revocation.path, body)).status;
  };
  for (const keys of [kiosk.keys, second, third]) expect(await ask(keys)).toBe(401);
  expect((await world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`)).status).toBe(204);
  for (const keys of [kiosk.keys, second, third, fourth]) expect(await ask(keys)).toBe(200);
  expect(await ask(makeKeys())).toBe(401);
  for (const keys of [kiosk.keys, second, third]) expect(await tokenStatus(kiosk, keys)).toBe(401);
});
