/** What a duress PIN may be, who is given its verifier, and that no time tells of it. */
import { randomUUID } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { createAtRest } from '#backend/keys/at-rest.ts';
import { createPinsAtRest, type PinsAtRest } from '#backend/keys/pins-at-rest.ts';
import { createPeopleList } from '#backend/lists/people-list.ts';
import { readCsv } from '#shared/lists/csv.ts';
import { createJournalWriter } from './journal-writer.ts';
import { storeTest } from './store-test.ts';
import { policy } from './world.ts';

const staffId = randomUUID();
const toldSchema = z.object({ duress: z.array(z.object({ at: z.number() })) });

const test = storeTest.extend('scene', { auto: true }, async ({ world, storeId }) => {
  const put = async (body: object): Promise<unknown> => {
    const { status, body: said } = await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, {
      name: 'Ada',
      ...body,
    });
    const { error } = (said ?? {}) as { error?: { params: { problem: string } } };
    return error ? `${status} ${error.params.problem}` : status;
  };
  const allow = (duressPin?: boolean): Promise<unknown> =>
    world.admin('PUT', `/stores/${storeId}`, {
      name: 'A store',
      policy: { ...policy, ...(duressPin === undefined ? {} : { duressPin }) },
    });
  await allow(true);
  return { put, allow };
});

test.for([
  [{ pin: '582047', duressPin: '582047' }, 'too like their other PIN'],
  [{ pin: '582047', duressPin: '582048' }, 'too like their other PIN'],
  [{ pin: '582047', duressPin: '582074' }, 'too like their other PIN'],
  [{ pin: '582047', duressPin: '5820471' }, 'too like their other PIN'],
  [{ pin: '582047', duressPin: '123456' }, 'a run of digits'],
  [{ pin: '582047', duressPin: '9302' }, 'shorter than 6 digits'],
] as const)('%j is refused: it is %s', async ([pins, problem], { scene: { put } }) => {
  expect(await put(pins)).toBe(`422 ${problem}`);
});

test('neither PIN becomes the other one later', async ({ scene: { put } }) => {
  expect(await put({ pin: '582047', duressPin: '930274' })).toBe(204);
  expect(await put({ duressPin: '582047' })).toBe('422 their other PIN');
  expect(await put({ pin: '930274' })).toBe('422 their other PIN');
  expect(await put({ pin: '930274', duressPin: '714906' })).toBe(204);
  expect(await put({ pin: '930274', duressPin: '714906' })).toBe(204);
});

test('is for stores alone whose policy has it, and its verifier comes sealed or not at all', async ({
  kiosk,
  scene: { put, allow },
}) => {
  expect(await put({ pin: '582047', duressPin: '930274' })).toBe(204);
  const [open] = (await kiosk.pull('staff')).documents;
  expect(open).toHaveProperty('pin');
  expect(open).not.toHaveProperty('duressPin');
  const sealed = async (): Promise<unknown> => {
    const answer = await kiosk.request('/v1/sync/staff?after=0&limit=10&sealedPins=yes');
    const { documents } = (await answer.json()) as { documents: { sealedPin: string }[] };
    const { plaintext } = await compactDecrypt(documents[0]?.sealedPin ?? '', kiosk.keys.sealing);
    return JSON.parse(Buffer.from(plaintext).toString());
  };
  expect(await sealed()).toMatchObject({ staffId, duressPin: { n: 2 ** 17 } });
  // Another name leaves it, null takes it away.
  expect(await put({ name: 'Ada B.' })).toBe(204);
  expect(await sealed()).toHaveProperty('duressPin');
  await allow();
  expect(await put({ duressPin: '714906' })).toBe('400 is not for this store: its policy has no duress PINs');
  expect(await put({ duressPin: null })).toBe(204);
  expect(await sealed()).not.toHaveProperty('duressPin');
});

test('of a kiosk whose clock was a day behind calls the others by the time at which it happened, told at once or bit by bit', async ({
  world,
  storeId,
  kiosk,
}) => {
  const other = await world.makeKiosk(storeId, 'Back office');
  const now = Date.now();
  const day = 25 * 3600_000;
  const run = randomUUID();
  const journal = createJournalWriter(kiosk, () => now - day);
  const plain = { serialNumber: null, attemptId: null, stageMs: {} };
  const clock = (uptimeMs: number) => ({ run, uptimeMs, machine: now - day });
  const forced = () =>
    journal.one({ ...plain, kind: 'signed_in', staffId, duress: true, clock: clock(1_000) });
  const told = async () =>
    toldSchema.parse((await other.pull('store')).documents[0]).duress.map(({ at }) => at);
  const first = forced();
  await kiosk.push('accessEvents', [first]);
  expect(await told()).toEqual([first.at]);
  await kiosk.push('accessEvents', [
    journal.one({
      ...{ ...plain, kind: 'clock_corrected', staffId: null, at: now, clock: clock(61_000) },
      correction: { afterSequence: 0, checkedAt: null, byMs: day },
    }),
  ]);
  // The same alarm: whoever thought it too old to call anybody calls now.
  expect(await told()).toEqual([now - 60_000]);
  expect((await kiosk.pull('store')).documents[0]).not.toHaveProperty('duress');
  const anew = await world.makeKiosk(storeId);
  expect((await anew.pull('store')).documents[0]).not.toHaveProperty('duress');
});

test('how long a list takes that is refused tells of no PIN: none is hashed, and of one that is done each as long', async ({
  world,
  storeId,
  db,
  scene: { put },
}) => {
  expect(await put({ pin: '582047', duressPin: '930274', employeeNumber: '0042' })).toBe(204);
  const { tenantId, sealingSecret } = world.config;
  const pins = createPinsAtRest(tenantId, createAtRest(sealingSecret));
  const hashed = vi.fn();
  const counting: PinsAtRest = {
    seal: (verifier) => (hashed(), pins.seal(verifier)),
    open: (kept) => (hashed(), pins.open(kept)),
  };
  const list = createPeopleList({ db, tenantId, pins: counting, now: () => Date.now() });
  const take = async ([pin, duressPin]: readonly [string, string], role: string): Promise<unknown> => {
    hashed.mockClear();
    const rows = readCsv(`Employee number,PIN,Duress PIN,Roles\n0042,${pin},${duressPin},${role}\n`, {
      rows: 9,
      cellsOfRow: 9,
    });
    if (!rows.ok) throw new Error('no list');
    const options = { dryRun: false, note: () => Promise.resolve() };
    const taken = await list.take(storeId, rows.rows, options);
    return [hashed.mock.calls.length, taken.ok && taken.value.counts.faults];
  };
  for (const guess of [
    ['582047', '930274'],
    ['582047', '714906'],
    ['693158', '930274'],
  ] as const)
    expect(await take(guess, 'boss')).toEqual([0, 1]);
  expect(await take(['582047', '930274'], 'lead')).toEqual([4, 0]);
  expect(await take(['693158', '714906'], 'lead')).toEqual([4, 0]);
});
