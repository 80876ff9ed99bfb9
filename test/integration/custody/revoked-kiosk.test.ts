/** The end of a kiosk at a real backend: only the backend's signature erases, and what had not been delivered is not lost. */
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { routes } from '#shared/http/routes.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { revokedTest as test, settled, waiting } from './revoked-test.ts';

const lastWordsOf = (kiosk: EstateKiosk): string => join(kiosk.dataDir, 'last-words.sealed');
const isErased = (kiosk: EstateKiosk): boolean =>
  kiosk.view('kiosk').phase === 'revoked' && !existsSync(join(kiosk.dataDir, 'vault/keys.wrapped'));
const registerAnew = async (kiosk: EstateKiosk, storeId: string): Promise<void> => {
  await kiosk.stop();
  await kiosk.start();
  await kiosk.register(storeId);
};
const said = (status: number, code: string): Promise<Response> =>
  Promise.resolve(Response.json({ error: { code, params: {} } }, { status }));

test('whoever says "revoked" in the backend’s place stops the traffic, and nothing else', async ({
  estate,
  kiosksOf,
  eventsOf,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();
  await settled(kiosk);
  const before = (await eventsOf(storeId)).length;
  const answers = [
    () => said(403, 'sync.revoked'),
    () => said(401, 'sync.refused'),
    () => said(410, 'sync.revoked'),
    () => Promise.resolve(Response.json({ revocation: 'revoked' })),
  ];
  for (const answer of answers) {
    kiosk.intercept = answer;
    await kiosk.call('syncNow', null);
    expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
    expect(kiosk.view('kiosk').phase).toBe('ready');
  }
  kiosk.intercept = () => said(403, 'sync.revoked');
  await kiosk.call('syncNow', null);
  await eventually(() => kiosk.requireView('health', ({ connection }) => connection.state === 'refused'));
  // Nor does it over a restart.
  await kiosk.stop();
  await kiosk.start();
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });

  kiosk.intercept = () => null;
  await kiosk.call('syncNow', null);
  await eventually(() => kiosk.requireView('health', ({ connection }) => connection.state === 'online'));
  await settled(kiosk);
  expect((await eventsOf(storeId)).length).toBeGreaterThanOrEqual(before + answers.length + 1);
  expect(await kiosksOf(storeId)).toMatchObject([{ revokedAt: null }]);
}, 120_000);

test('what a revoked kiosk had not delivered reaches the backend as its own, and nobody else can read it', async ({
  estate,
  kiosksOf,
  eventsOf,
  leaveUndelivered,
  expectDelivered,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();
  const captured = await leaveUndelivered(kiosk, lock, storeId);
  // The backend hears of nothing but the revocation itself.
  kiosk.intercept = (what) => (what.endsWith(routes.lastWords.path) ? said(503, 'sync.unreachable') : null);
  kiosk.network = 'up';
  await kiosk.call('syncNow', null);
  await eventually(() => expect(isErased(kiosk)).toBe(true));
  await eventually(() =>
    expect(kiosk.view('kiosk')).toMatchObject({ staff: [], revokedFor: 'lost_or_stolen' }),
  );
  const kept = readFileSync(lastWordsOf(kiosk), 'utf8');
  for (const secret of ['unlocked', 'Case 9', captured.identity.serialNumber, lock.identity.serialNumber]) {
    expect(kept).not.toContain(secret);
    expect(Buffer.from(kept, 'base64').toString('latin1')).not.toContain(secret);
  }

  // Registered anew before it is delivered: it still is the old kiosk's.
  await registerAnew(kiosk, storeId);
  expect(existsSync(lastWordsOf(kiosk))).toBe(true);
  kiosk.intercept = () => null;
  await kiosk.stop();
  await kiosk.start();
  await expectDelivered(storeId, captured);
  await eventually(() => expect(existsSync(lastWordsOf(kiosk))).toBe(false));
  const [old, fresh] = await kiosksOf(storeId);
  expect(old).toMatchObject({ revokedReason: 'lost_or_stolen', journal: { missing: [], forks: 0 } });
  expect(fresh).toMatchObject({ revokedAt: null });
  expect((await eventsOf(storeId)).filter(({ kind }) => kind === 'unlocked')[0]?.kioskId).toBe(old?.kioskId);
  // A person of the store has it sent from there.
  await eventually(() => expect(kiosk.enrolment(captured)?.state).toBe('refused'));
  await kiosk.signIn();
  await kiosk.call('retryEnrolment', { enrolmentId: kiosk.enrolment(captured)?.enrolmentId ?? '' });
  await eventually(() => expect(kiosk.enrolment(captured)?.state).toBe('provisioned'));
}, 180_000);

test.for([
  ['before any contact', false],
  ['while it begins to hear of that', true],
] as const)(
  'what a restored backend has lost is among the last words of a kiosk that it revokes %s',
  { timeout: 120_000 },
  async ([_when, hears], { estate, kiosksOf, eventsOf, enrolmentsOf }) => {
    const storeId = await estate.makeStore();
    const kiosk = await EstateKiosk.at(estate, storeId);
    const lock = await kiosk.enrol();
    const openings = async (): Promise<number> =>
      (await eventsOf(storeId)).filter(({ kind }) => kind === 'unlocked').length;
    for (let count = 0; count < 2; count += 1) {
      expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
    }
    await eventually(async () => expect(await openings()).toBe(2));
    await settled(kiosk);
    kiosk.network = 'cut';
    expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
    await eventually(() => expect(waiting(kiosk)).toBeGreaterThan(0));
    // The backup held the first event only.
    const database = new pg.Client({ connectionString: estate.databaseUrl });
    await database.connect();
    await database.query('DELETE FROM access_events WHERE store_id = $1 AND sequence > 1', [storeId]);
    await database.query(
      `UPDATE journal_heads SET sequence = 1, hash = (SELECT hash FROM access_events WHERE store_id = $1)
     WHERE store_id = $1`,
      [storeId],
    );
    // Nor did it hold the enrolment, and the store went other ways since.
    for (const table of ['enrolments', 'serial_claims', 'locks', 'key_certificates']) {
      await database.query(`DELETE FROM ${table} WHERE store_id = $1`, [storeId]);
    }
    await database.query("UPDATE store_history SET tag = 'aa' || tag WHERE store_id = $1", [storeId]);
    await database.end();
    if (hears) {
      // It learns that the backend has another history, and does not come as far as its enrolments.
      const hidden = ['GET /v1/sync/enrolments', 'POST /v1/sync/enrolments'];
      kiosk.intercept = (what) => (hidden.includes(what) ? said(503, 'sync.unreachable') : null);
      kiosk.network = 'up';
      const asked = kiosk.requests.length;
      await kiosk.call('syncNow', null);
      await eventually(() => expect(kiosk.requests.slice(asked)).toContain('GET /v1/sync/enrolments'));
      kiosk.network = 'cut';
      kiosk.intercept = () => null;
    }
    const [registered] = await kiosksOf(storeId);
    await estate.admin('POST', `/kiosks/${registered?.kioskId ?? ''}/revoke`, { reason: 'replaced' });
    kiosk.network = 'up';
    await kiosk.call('syncNow', null);
    await eventually(() => expect(isErased(kiosk)).toBe(true));
    await eventually(async () => expect(await openings()).toBe(3));
    expect(new Set((await eventsOf(storeId)).map(({ verdict }) => verdict))).toEqual(new Set(['chained']));
    expect(await kiosksOf(storeId)).toMatchObject([{ journal: { missing: [], forks: 0 } }]);
    // It brings no key to anybody, and nobody gives it up: a person of the store sends it again, and an operator has the last word.
    await eventually(async () =>
      expect(await enrolmentsOf(storeId)).toMatchObject([
        {
          serialNumber: lock.identity.serialNumber,
          state: 'uncertain',
          problem: { code: 'enrolment.kiosk_revoked', params: { reason: 'had_been_sent' } },
        },
      ]),
    );
    await registerAnew(kiosk, storeId);
    await eventually(() => expect(kiosk.enrolment(lock)).toMatchObject({ state: 'uncertain' }));
    await kiosk.signIn();
    const enrolmentId = kiosk.enrolment(lock)?.enrolmentId ?? '';
    expect((await kiosk.call('abandonEnrolment', { enrolmentId })).ok).toBe(false);
    expect((await kiosk.call('retryEnrolment', { enrolmentId })).ok).toBe(true);
    await eventually(async () =>
      expect(await enrolmentsOf(storeId)).toMatchObject([
        { state: 'uncertain', problem: { code: 'enrolment.already_registered' } },
      ]),
    );
    await estate.admin('POST', `/enrolments/${enrolmentId}/resolve`, { action: 'adopt' });
    await eventually(() => expect(kiosk.enrolment(lock)?.state).toBe('provisioned'));
  },
);

test.for([
  `after POST ${routes.revocation.path}`,
  `before POST ${routes.lastWords.path}`,
  `after POST ${routes.lastWords.path}`,
])(
  'killed at its end, %s, it neither loses nor doubles anything',
  { timeout: 120_000 },
  async (instant, { estate, leaveUndelivered, expectDelivered }) => {
    const storeId = await estate.makeStore();
    const kiosk = await EstateKiosk.at(estate, storeId);
    const lock = await kiosk.enrol();
    const captured = await leaveUndelivered(kiosk, lock, storeId);
    let frozen: string | undefined;
    kiosk.instant = (what) => {
      if (what === instant) frozen ??= kiosk.freeze();
    };
    kiosk.network = 'up';
    void kiosk.call('syncNow', null).catch(() => undefined);
    await eventually(() => expect(frozen).toBeDefined());
    kiosk.instant = () => undefined;
    await kiosk.startFrom(frozen);
    await eventually(() => expect(isErased(kiosk)).toBe(true));
    await expectDelivered(storeId, captured);
  },
);

test('a copy of its disk that missed new keys is erased with it, and what was opened with the copy is told', async ({
  estate,
  kiosksOf,
  eventsOf,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();
  await settled(kiosk);
  await kiosk.stop();
  const copied = mkdtempSync(join(tmpdir(), 'estate-kiosk-'));
  cpSync(kiosk.dataDir, copied, { recursive: true });

  const [registered] = await kiosksOf(storeId);
  const id = registered?.kioskId ?? '';
  const keysOnDisk = (): string => readFileSync(join(kiosk.dataDir, 'vault/keys.wrapped'), 'base64');
  // Twice: the backend takes the keys before the present ones as well.
  for (const round of [1, 2]) {
    const before = keysOnDisk();
    await estate.admin('POST', `/kiosks/${id}/rotate-keys`);
    await kiosk.start();
    await eventually(() => expect(keysOnDisk(), `round ${round}`).not.toBe(before));
    await eventually(() => kiosk.requireView('health', ({ connection }) => connection.state === 'online'));
    await settled(kiosk);
    await kiosk.stop();
  }

  const copy = new EstateKiosk(estate);
  await copy.startFrom(copied);
  await copy.signIn();
  copy.inRange.set(lock.identity.serialNumber, lock);
  await eventually(async () => expect(await copy.unlock(lock)).toMatchObject({ value: { kind: 'open' } }));
  await eventually(() => copy.requireView('health', ({ connection }) => connection.state === 'refused'));
  expect(isErased(copy)).toBe(false);

  await estate.admin('POST', `/kiosks/${id}/revoke`, { reason: 'lost_or_stolen' });
  await copy.stop();
  await copy.start();
  await eventually(() => expect(isErased(copy)).toBe(true));
  await eventually(async () => {
    expect((await eventsOf(storeId)).filter(({ kind }) => kind === 'unlocked')).toHaveLength(1);
  });
}, 180_000);
