/** What a backend takes from a kiosk that it has revoked, and what from whoever pretends to be one. */
import { createHash, randomUUID } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { expect } from 'vitest';
import { mostUncertain } from '#backend/enrolment/left-behind.ts';
import { revocationAudience } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import { lastWordsAnswerSchema, lastWordsReceiptType, revocationType } from '#shared/http/revocation.ts';
import { uuid } from '#support/documents.ts';
import { journalHashInput } from '#shared/models/journal-hash.ts';
import { makeKeys, post, someSerial } from './test-kiosk.ts';
import { eventually } from './world.ts';
import { type Words, event, lastWordsTest as test } from './last-words-scene.ts';

test('the word is said to the revoked kiosk alone, with the reason that was given first', async ({
  kiosk,
  scene: { askRevocation, revoke, wordNow },
}) => {
  expect((await askRevocation()).status).toBe(404);
  expect((await revoke({ reason: 'replaced' })).status).toBe(204);
  await revoke({ reason: 'closed' });
  expect(await wordNow()).toMatchObject({
    kioskId: kiosk.kioskId,
    reason: 'replaced',
    nonce: 'a nonce of the kiosk',
  });
  expect((await askRevocation(makeKeys())).status).toBe(401);
  // An assertion for a token is none for this.
  expect((await askRevocation(kiosk.keys, 'latchpoint-backend')).status).toBe(401);
  expect((await revoke({ reason: 'because' })).status).toBe(400);
});

test('a kiosk of an earlier release is told as before, and an operator’s tool that gives no reason is understood', async ({
  kiosk,
  scene: { revoke, wordNow },
}) => {
  expect((await revoke()).status).toBe(204);
  const pulled = await kiosk.request('/v1/sync/store?after=0&limit=1');
  expect([pulled.status, await pulled.json()]).toEqual([
    403,
    { error: { code: 'sync.revoked', params: {} } },
  ]);
  expect(await wordNow()).toMatchObject({ reason: 'unspecified' });
});

test('the word says so where the newest event that the kiosk names is not held, and only then', async ({
  kiosk,
  scene: { revoke, wordNow, askRevocation },
}) => {
  const held = event(kiosk.kioskId);
  await kiosk.push('accessEvents', [held]);
  await revoke();
  expect(await wordNow()).not.toHaveProperty('journalLost');
  expect(await wordNow({ journal: `1.${held.hash}` })).not.toHaveProperty('journalLost');
  expect(await wordNow({ journal: `2.${held.hash}` })).toMatchObject({ journalLost: true });
  expect((await askRevocation(kiosk.keys, revocationAudience, { journal: 'none' })).status).toBe(400);
});

test('events are taken once, as that kiosk’s, whoever hands them in and however often', async ({
  kiosk,
  scene: { revoke, seal, handIn, eventsNow },
}) => {
  await revoke();
  const own = event(kiosk.kioskId);
  const sealed = await seal({ content: { accessEvents: [own] } });
  expect([await handIn(sealed), await handIn(sealed)]).toEqual([200, 200]);
  expect(await eventsNow()).toMatchObject([{ eventId: own.eventId, kioskId: kiosk.kioskId }]);
});

test('what was taken has a receipt that nobody else can sign, over these very words', async ({
  world,
  kiosk,
  scene: { revoke, seal },
}) => {
  await revoke();
  const sealed = await seal({ content: { accessEvents: [event(kiosk.kioskId)] } });
  const answer = await post(world.backend.url + routes.lastWords.path, { sealed });
  const { receipt } = lastWordsAnswerSchema.parse(await answer.json());
  const key = await importJWK({ ...kiosk.backendKey }, 'ES256');
  const { payload, protectedHeader } = await compactVerify(receipt, key);
  expect(protectedHeader.typ).toBe(lastWordsReceiptType);
  expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
    purpose: 'last words taken',
    digest: createHash('sha256').update(sealed).digest('hex'),
  });
});

test('a capture is sent to no vendor, and waits for a person of the store', async ({
  world,
  storeId,
  kiosk,
  scene: { revoke, seal, handIn, enrolmentsNow },
}) => {
  await revoke();
  const captured = kiosk.capture(someSerial());
  const calls = world.vendor.committed.length;
  const sealed = await seal({ content: { enrolments: [captured] } });
  expect([await handIn(sealed), await handIn(sealed)]).toEqual([200, 200]);
  expect(await enrolmentsNow()).toMatchObject([
    { state: 'refused', problem: { code: 'enrolment.kiosk_revoked' } },
  ]);
  expect(world.vendor.committed).toHaveLength(calls);
  const other = await world.makeKiosk(storeId);
  const [left] = await other.pullAll('enrolments');
  const again = { ...captured, version: left?.version ?? 0, operationId: randomUUID() };
  expect(await other.pushOne(again)).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
});

test('what had been sent before the backend was restored is given up by nobody, and waits for an operator', async ({
  world,
  storeId,
  kiosk,
  scene: { revoke, seal, handIn, enrolmentsNow },
}) => {
  await revoke();
  const sent = { ...kiosk.capture(someSerial()), state: 'submitted' };
  const calls = world.vendor.committed.length;
  const sealed = await seal({ content: { enrolments: [sent] } });
  expect([await handIn(sealed), await handIn(sealed)]).toEqual([200, 200]);
  const problem = { code: 'enrolment.kiosk_revoked', params: { reason: 'had_been_sent' } };
  expect(await enrolmentsNow()).toMatchObject([{ state: 'uncertain', problem }]);
  expect(world.vendor.committed).toHaveLength(calls);
  const other = await world.makeKiosk(storeId);
  const [left] = await other.pullAll('enrolments');
  const again = { ...sent, version: left?.version ?? 0 };
  const givenUp = { ...again, state: 'abandoned' as const, operationId: randomUUID() };
  expect(await other.pushOne(givenUp)).toMatchObject({ status: 'conflict', master: { state: 'uncertain' } });
  const once = { ...again, state: 'captured' as const, operationId: randomUUID() };
  expect(await other.pushOne(once)).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
});

test('whoever took the kiosk cannot fill its store with what only an operator ends', async ({
  kiosk,
  scene: { revoke, handIn, seal, enrolmentsNow },
}) => {
  await revoke();
  const sent = () => ({ ...kiosk.capture(someSerial()), state: 'submitted' });
  const rows = Array.from({ length: mostUncertain + 1 }, sent);
  for (let from = 0; from < rows.length; from += 10) {
    expect(await handIn(await seal({ content: { enrolments: rows.slice(from, from + 10) } }))).toBe(200);
  }
  const states = (await enrolmentsNow('?limit=1000')).map(({ state }) => state);
  expect(states.filter((state) => state === 'uncertain')).toHaveLength(mostUncertain);
  expect(states.filter((state) => state === 'refused')).toHaveLength(1);
}, 60_000);

type Seal = (words: Words) => Promise<string>;
test.for<readonly [string, (seal: Seal) => Promise<string>]>([
  ['signed by somebody else', (seal) => seal({ keys: makeKeys() })],
  ['of another kind', (seal) => seal({ typ: revocationType })],
  ['without a type', (seal) => seal({ typ: 'JWT' })],
  ['of a kiosk that nobody knows', (seal) => seal({ content: { kioskId: uuid(77) } })],
  ['with more than last words hold', (seal) => seal({ content: { staff: [] } })],
  ['that are not sealed', () => Promise.resolve('a.b.c.d.e')],
  ['with nothing in them', () => Promise.resolve('')],
])(
  'words %s are refused, and change nothing',
  async ([_, make], { scene: { revoke, handIn, eventsNow, enrolmentsNow, seal } }) => {
    await revoke();
    expect(await handIn(await make(seal))).toBe(403);
    expect([await eventsNow(), await enrolmentsNow()]).toEqual([[], []]);
  },
);

test('who hands in the same words again and again uses up nothing of what the kiosk may still say', async ({
  kiosk,
  scene: { revoke, seal, setCount, handIn, eventsNow },
}) => {
  await revoke();
  const own = Array.from({ length: 40 }, () => event(kiosk.kioskId));
  const sealed = await seal({
    content: { accessEvents: own, enrolments: [kiosk.capture(someSerial())] },
  });
  await setCount(199_900);
  for (let times = 0; times < 4; times++) expect(await handIn(sealed)).toBe(200);
  expect(await handIn(await seal({ content: { accessEvents: [event(kiosk.kioskId)] } }))).toBe(200);
  expect(await eventsNow()).toHaveLength(41);
});

test('a release counts only by the name of its order, which a kiosk that was revoked before it cannot know', async ({
  world,
  storeId,
  kiosk,
  scene: { revoke, handIn, seal, eventsNow },
}) => {
  const serialNumber = someSerial();
  await kiosk.pushOne(kiosk.capture(serialNumber));
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
  await revoke();
  expect((await world.admin('POST', `/stores/${storeId}/locks/${serialNumber}/release`)).status).toBe(202);
  const locksNow = async () => (await world.admin('GET', `/stores/${storeId}/locks`)).body;
  const tell = async (orderId?: string) => {
    const { hash: ofAnother, ...rest } = event(kiosk.kioskId);
    const told = { ...rest, kind: 'lock_released' as const, serialNumber, ...(orderId && { orderId }) };
    const hash = createHash('sha256').update(journalHashInput(told)).digest('hex');
    expect(hash).not.toBe(ofAnother);
    expect(await handIn(await seal({ content: { accessEvents: [{ ...told, hash }] } }))).toBe(200);
  };
  await tell();
  await tell(randomUUID());
  expect(await locksNow()).toMatchObject({ locks: [{ serialNumber, hasKey: true, toBeReleased: true }] });
  const orders = await (await world.makeKiosk(storeId)).pullAll('trust');
  await tell(String(orders.find(({ kind }) => kind === 'release_order')?.['trustId']));
  expect(await locksNow()).toEqual({ locks: [] });
  expect(await eventsNow()).toHaveLength(3);
});

test('a kiosk speaks for itself only, and has an end', async ({
  world,
  storeId,
  scene: { revoke, handIn, seal, eventsNow, enrolmentsNow, setCount },
}) => {
  const other = await world.makeKiosk(storeId);
  await revoke();
  const foreign = { ...other.capture(someSerial()) };
  expect(
    await handIn(await seal({ content: { accessEvents: [event(other.kioskId)], enrolments: [foreign] } })),
  ).toBe(200);
  expect([await eventsNow(), await enrolmentsNow()]).toEqual([[], []]);
  const many = await seal({ content: { accessEvents: Array.from({ length: 500 }, () => ({})) } });
  await setCount(199_800);
  expect(await handIn(many)).toBe(403);
});

test('it gives up what it had captured, and nothing of the store’s other kiosks', async ({
  world,
  storeId,
  kiosk,
  scene: { enrolmentsNow, revoke, handIn, seal },
}) => {
  const other = await world.makeKiosk(storeId);
  const [own, theirs] = [kiosk.capture(someSerial()), other.capture(someSerial())];
  for (const [at, captured] of [[kiosk, own] as const, [other, theirs] as const]) {
    world.vendor.script.push('refuse');
    await at.pushOne(captured);
    await eventually(async () =>
      expect(await enrolmentsNow()).toContainEqual(
        expect.objectContaining({ enrolmentId: captured.enrolmentId, state: 'refused' }),
      ),
    );
  }
  await revoke();
  const enrolments = [own, theirs].map((one) => ({ ...one, state: 'abandoned', operationId: randomUUID() }));
  expect(await handIn(await seal({ content: { enrolments } }))).toBe(200);
  const states = new Map((await enrolmentsNow()).map((each) => [each['enrolmentId'], each.state]));
  expect([states.get(own.enrolmentId), states.get(theirs.enrolmentId)]).toEqual(['abandoned', 'refused']);
});

test('it says of its own locks that they have their key, and of no lock of the store’s other kiosks', async ({
  world,
  storeId,
  kiosk,
  scene: { enrolmentsNow, revoke, handIn, seal },
}) => {
  const other = await world.makeKiosk(storeId);
  const [own, theirs] = [kiosk.capture(someSerial()), other.capture(someSerial())];
  await kiosk.pushOne(own);
  await other.pushOne(theirs);
  const states = async () => {
    const found = new Map((await enrolmentsNow()).map((each) => [each['enrolmentId'], each.state]));
    return [found.get(own.enrolmentId), found.get(theirs.enrolmentId)];
  };
  await eventually(async () => expect(await states()).toEqual(['registered', 'registered']));
  await revoke();
  const enrolments = [own, theirs].map((one) => ({
    ...one,
    state: 'provisioned',
    operationId: randomUUID(),
  }));
  expect(await handIn(await seal({ content: { enrolments } }))).toBe(200);
  expect(await states()).toEqual(['provisioned', 'registered']);
  // The kiosk that has enrolled it finishes it.
  const finished = { ...theirs, state: 'provisioned', operationId: randomUUID() };
  expect(await other.pushOne(finished)).toMatchObject({
    status: 'accepted',
    master: { state: 'provisioned' },
  });
});
