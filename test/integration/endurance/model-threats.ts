/** The steps of the model in which something is lost that may not be, or somebody lies. */
import { randomUUID } from 'node:crypto';
import { CompactEncrypt, CompactSign, importJWK } from 'jose';
import { routes } from '#shared/http/routes.ts';
import { lastWordsType } from '#shared/http/revocation.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { composeEvent } from '#support/documents.ts';
import { assertion, makeKeys, post, registerKiosk, requestToken } from '../backend/test-kiosk.ts';
import { fairWeather } from './kiosk-messages.ts';
import type { Counter, Step } from './model-cast.ts';
import { readKioskId } from './what-is-held.ts';

const roundsUntilRevoked = 5;
const revokedAndRegisteredWithinMs = 120_000;

/** What a revoked kiosk hands in later than that would be lost with the restore: it keeps nothing that was taken. */
export const backUp: Step = async ({ world, counters }) => {
  if (counters.some(({ wasRevoked }) => wasRevoked)) return 'backup: none any more';
  await world.backUp('now');
  return 'backup';
};

export const restore: Step = async ({ world, ledger }) => {
  if (!(await world.restore())) return 'restore: there is no backup';
  ledger.restores += 1;
  return 'the backend is restored';
};

/** Whatever it is told on the way, a kiosk that the backend has not revoked keeps what it has. */
export const forgery: Step = async (cast, { name, kiosk, page }) => {
  const openable = (await kiosk.look()).openable.length;
  kiosk.network({ ...fairWeather, forges: true });
  const told = await page.sync();
  const { phase, staff, openable: left } = await kiosk.look();
  kiosk.network(fairWeather);
  if (phase !== 'ready' || staff.length === 0 || left.length < openable) {
    cast.faults.push(`${name} gave something up for a forged word: ${phase}, ${String(left.length)} open`);
  }
  return `forged revocation: ${told}`;
};

/**
 * The backend revokes the kiosk, which hears of it now or after what it still does without contact; then a new code makes a new
 * one of it. A backup from before that is no use: the new identity would be lost with it, and what is lost with an identity is
 * said in docs/data.md.
 */
export const revoke: Step = async (cast, counter) => {
  const { world, storeId } = cast;
  const { kiosk, page, dataDir, name } = counter;
  const kioskId = readKioskId(dataDir);
  if (kioskId === null) return 'revocation: it is none';
  // An identity that was restored away is known to no one.
  await world.revoke(kioskId);
  kiosk.network(fairWeather);
  let { phase } = await kiosk.look();
  for (let round = 0; round < roundsUntilRevoked && phase !== 'revoked'; round += 1) {
    await page.sync();
    ({ phase } = await kiosk.look());
  }
  if (phase !== 'revoked') {
    cast.faults.push(`${name} was revoked and is ${phase}`);
    return 'revocation: not heard';
  }
  await registerAnew(counter, await world.makeCode(storeId));
  counter.wasRevoked = true;
  await world.backUp(null);
  return `revoked and registered anew: ${kioskId}`;
};

/** Erasing and registering is real work: only the wall clock can say that it takes too long. */
const registerAnew = async ({ name, kiosk }: Counter, code: string): Promise<void> => {
  const deadline = performance.now() + revokedAndRegisteredWithinMs;
  for (;;) {
    const { ok } = await kiosk.call('registerKiosk', { code, name });
    if (ok) break;
    if (performance.now() > deadline) throw new Error(`${name} did not register anew`);
    await kiosk.pass(1_000);
  }
  while ((await kiosk.look()).staff.length === 0) {
    if (performance.now() > deadline) throw new Error(`${name} was registered anew and got nothing`);
    await kiosk.pass(1_000);
  }
};

/** A kiosk of the same store speaks in the name of another one, in every way there is; nothing of it may be taken. */
export const hostile: Step = async (cast, { dataDir }) => {
  const { world, storeId, faults } = cast;
  const victim = readKioskId(dataDir) ?? randomUUID();
  const rogue = await registerKiosk(world.url, await world.makeCode(storeId), world.now);
  const keys = makeKeys();
  const expect = (what: string, is: unknown, wanted: unknown): void => {
    if (is !== wanted) faults.push(`hostile: ${what} is answered ${String(is)}`);
  };

  const event = composeEvent(randomUUID(), world.now, victim)(1, firstPreviousHash);
  const [pushed] = await rogue.push('accessEvents', [event]);
  expect('an event of another kiosk', pushed?.status, 'invalid');
  for (const key of [keys, rogue.keys]) {
    const token = await requestToken(world.url, await assertion(key, { kioskId: victim, now: world.now }));
    expect('another kiosk’s assertion', token.status, 401);
  }
  const word = await post(world.url + routes.revocation.path, {
    client_assertion: await assertion(rogue.keys, { kioskId: rogue.kioskId, now: world.now }),
    nonce: randomUUID(),
  });
  expect('an assertion for something else', word.status, 401);
  const words = { purpose: 'last words', kioskId: victim, accessEvents: [event], enrolments: [] };
  const signed = await new CompactSign(Buffer.from(JSON.stringify(words)))
    .setProtectedHeader({ alg: 'ES256', typ: lastWordsType })
    .sign(rogue.keys.signing);
  // It cannot know the right key as long as it is not revoked; the wrong one has to be refused, too.
  const sealed = await new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK({ ...rogue.backendKey }, 'ECDH-ES'));
  expect(
    'last words of another kiosk',
    (await post(world.url + routes.lastWords.path, { sealed })).status,
    403,
  );
  const seen = `9999.${'0'.repeat(24)}`;
  const pulled = await rogue.request(`/v1/sync/staff?after=0&limit=10&seen=${seen}`);
  expect('a point that never was', pulled.status, 200);
  return 'a hostile kiosk';
};
