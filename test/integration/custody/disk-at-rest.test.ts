/** What a disk tells without its secret store: a whole registered kiosk works, stops, is killed and meets damage. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { codecOf, readRows, secretStore } from '#support/kiosk-file.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, pin, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';

const names = {
  store: 'Quayside Jewellers',
  person: 'Wilhelmina Overbeck',
  employee: 'QX-55123',
  lock: 'Sapphire drawer',
  group: 'Mezzanine',
  kiosk: 'Counter',
  owner: 'owner',
};

const storedPin = z.looseObject({ pin: z.looseObject({ salt: z.string(), hash: z.string() }) });

/** Each form in which a file could hold a text. */
const forms = (text: string): Buffer[] => [
  Buffer.from(text),
  Buffer.from(text, 'utf16le'),
  Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)),
  Buffer.from(Buffer.from(text).toString('hex')),
];

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

/** File and what it tells. The words of the file's own format are nobody's names. */
const tellsIn = (folder: string, secrets: readonly string[]): string[] =>
  filesIn(folder).flatMap((file) => {
    const bytes = readFileSync(join(folder, file));
    return secrets
      .filter((secret) => forms(secret).some((form) => bytes.includes(form)))
      .map((secret) => `${file}: ${secret}`);
  });

const test = estateTest.extend(
  'openStore',
  ({ estate }) =>
    async (): Promise<{ kiosk: EstateKiosk; lock: Lock }> => {
      const storeId = await estate.makeStore();
      const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 3600, holdOpenSeconds: 5 };
      await estate.admin('PUT', `/stores/${storeId}`, { name: names.store, policy });
      const { staff } = (await estate.admin('GET', `/stores/${storeId}/staff`)) as {
        staff: { staffId: string }[];
      };
      await estate.admin('PUT', `/stores/${storeId}/staff/${staff[0]?.staffId}`, {
        name: names.person,
        employeeNumber: names.employee,
        pin,
      });
      const kiosk = new EstateKiosk(estate);
      await kiosk.start();
      // Whatever stops it there: what lies on the disk at each request, and on both sides of what it does to a lock.
      kiosk.instant = () => told.push(...tellsIn(kiosk.dataDir, Object.values(names)));
      await kiosk.register(storeId);
      await eventually(() => kiosk.requireView('health', (view) => view.connection.state === 'online'));
      await kiosk.signIn();
      const lock = await estate.makeLock();
      kiosk.bring(lock);
      const { serialNumber } = lock.identity;
      await eventually(() =>
        kiosk.requireView('newLocks', ({ locks }) =>
          locks.some((each) => each.serialNumber === serialNumber),
        ),
      );
      await kiosk.call('captureEnrolment', { serialNumber, name: names.lock, group: names.group });
      await eventually(() => expect(kiosk.enrolment(lock)?.state).toBe('provisioned'));
      return { kiosk, lock };
    },
);

const told: string[] = [];

/** A queue with something in it, a journal, a lockout. */
const workOffline = async (kiosk: EstateKiosk, lock: Lock): Promise<void> => {
  kiosk.network = 'cut';
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
  const [person] = kiosk.view('kiosk').staff;
  await kiosk.call('signIn', { staffId: person?.staffId ?? '', pin: '000000' });
  await kiosk.signIn();
};

const damage = (path: string, page: number): void => {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xa5, (page - 1) * 4096, page * 4096));
};

test('no file tells a name, a group or a PIN verifier: while it works, stopped, killed, and with a damaged file set aside', async ({
  openStore,
}) => {
  const { kiosk, lock } = await openStore();
  await workOffline(kiosk, lock);
  expect(told).toEqual([]);
  // Nor does who reads the answers: verifiers come sealed to this kiosk.
  expect(kiosk.staffAnswers.join()).toContain('"sealedPin":"ey');
  expect(kiosk.staffAnswers.join()).not.toContain('"hash"');

  const killed = kiosk.freeze();
  await kiosk.startFrom(killed);
  const verifiers = async (): Promise<string[]> => {
    const rows = z
      .array(storedPin)
      .parse(readRows(kiosk.dataDir, 'staff', await codecOf(kiosk.dataDir, secretStore)));
    return rows.flatMap(({ pin: stored }) => [stored.salt, stored.hash]);
  };
  await kiosk.stop();
  const secrets = [...Object.values(names), ...(await verifiers())];
  expect(secrets).toHaveLength(Object.keys(names).length + 2);
  expect(tellsIn(kiosk.dataDir, secrets)).toEqual([]);
  // The search finds what is there.
  expect(tellsIn(kiosk.dataDir, [lock.identity.serialNumber])).not.toEqual([]);

  damage(join(kiosk.dataDir, 'kiosk.db'), 5);
  await kiosk.start();
  expect(kiosk.view('kiosk').notice?.code).toBe('storage.set_aside');
  await kiosk.stop();
  expect(filesIn(kiosk.dataDir).some((file) => file.includes('.damaged-'))).toBe(true);
  expect(tellsIn(kiosk.dataDir, secrets)).toEqual([]);
}, 90_000);

test('a kiosk whose secret store does not open its keys leaves its data, and has it again with the store that does', async ({
  openStore,
}) => {
  const { kiosk, lock } = await openStore();
  await workOffline(kiosk, lock);
  await kiosk.stop();
  const before = readFileSync(join(kiosk.dataDir, 'kiosk.db'));
  await kiosk.start('of another user');
  expect(kiosk.view('kiosk')).toMatchObject({ notice: { code: 'vault.cannot_open' }, staff: [] });
  await kiosk.stop();
  expect(readFileSync(join(kiosk.dataDir, 'kiosk.db')).equals(before)).toBe(true);
  await kiosk.start();
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
}, 60_000);

test('registered anew without its keys, a kiosk keeps the data that nobody can read, with its key, and works with a new one', async ({
  estate,
  openStore,
}) => {
  const { kiosk, lock } = await openStore();
  await workOffline(kiosk, lock);
  await kiosk.stop();
  const key = readFileSync(join(kiosk.dataDir, 'kiosk.db.key'));
  await kiosk.start('of another user');
  kiosk.network = 'up';
  const storeId = await estate.makeStore();
  await kiosk.register(storeId);
  await eventually(() => kiosk.requireView('health', (view) => view.connection.state === 'online'));
  await kiosk.signIn();
  const kept = filesIn(kiosk.dataDir).filter((file) => file.includes('.damaged-'));
  expect(kept).toEqual([expect.stringMatching(/Z$/), expect.stringMatching(/\.key$/)]);
  expect(readFileSync(join(kiosk.dataDir, kept[1] ?? '')).equals(key)).toBe(true);
  await kiosk.stop();
  await kiosk.start('of another user');
  await kiosk.signIn();
  expect(tellsIn(kiosk.dataDir, Object.values(names))).toEqual([]);
}, 60_000);
