/**
 * Known secrets are planted in a whole store that works; then everything that it has said, shown, logged and stored is
 * searched for them, in every form. Where a secret has to be is said here, and nowhere else is it found:
 *
 * | secret                         | may be                                                                      |
 * | ------------------------------ | --------------------------------------------------------------------------- |
 * | PIN                            | in the one message of the page that signs in                                |
 * | a second person's PIN          | in the messages that ask for an opening with it                             |
 * | enrolment code                 | (ciphertext for the vendor) kiosk's and backend's database, between the two |
 * | access token, assertion        | between kiosk and backend                                                   |
 * | registration code              | between kiosk and backend, once                                             |
 * | a lock's private key           | at the vendor; at the backend encrypted; to the kiosk and on it sealed      |
 * | kiosk's private keys           | on the kiosk, wrapped                                                       |
 * | API key, sealing secret, …     | in the configuration of the process that it belongs to                      |
 */
import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test as base } from 'vitest';
import { z } from 'zod';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createPassphraseFileStore } from '#kiosk/vault/passphrase-file-store.ts';
import { openRegistry } from '#simulators/live-lock-api/registry.ts';
import { launchBrowser } from '#support/browser.ts';
import { createRecordingWire } from '#support/canary/recording-wire.ts';
import { openWithSecondPerson, secondPins } from '#support/canary/second-person.ts';
import { secretText, tracesIn, type Secret } from '#support/canary/traces.ts';
import { startChild } from '#support/simulated-store/child.ts';
import { openSecrets } from '#support/simulated-store/secrets.ts';
import { storeId } from '#support/simulated-store/seed.ts';
import { startSimulatedStore } from '#support/simulated-store/store.ts';

const pin = '73920164';
const person = { staffId: '5aff0000-0000-4000-8000-00000000000c', name: 'Canary' };
const dataDir = mkdtempSync(join(tmpdir(), 'latchpoint-canary-'));
// PostgreSQL's user has to get through, so that its files are among those that are searched.
chmodSync(dataDir, 0o755);

const configSchema = z.looseObject({ backendUrl: z.string(), registrationCode: z.string() });

const takeHeap = async (page: Page): Promise<Buffer> => {
  const session = await page.context().newCDPSession(page);
  const chunks: Buffer[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(Buffer.from(chunk)));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return Buffer.concat(chunks);
};

const openLock = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: new RegExp(`^(Open )?${name}`) }).click();
  await page
    .locator('main li', { hasText: name })
    .getByText(/^Open \d+ s$/)
    .waitFor();
};

const enrolLock = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /new locks?$/ }).click();
  await page
    .getByRole('button', { name: 'Untick all' })
    .or(page.getByRole('button', { name: 'Tick all' }))
    .waitFor();
  await page.locator('label', { hasText: '0109' }).click();
  await page.getByRole('button', { name: 'Enrol this lock' }).click();
  await page.getByLabel(/^Name of lock/).fill('Phone display');
  await page.getByRole('button', { name: 'Add this lock' }).click();
  await page.getByRole('button', { name: 'See what is being added' }).click();
  await page.getByText('Ready. It can be opened on the Counter.').waitFor();
};

/** All that was said to and by the page, and between kiosk and backend, in one day; then everything was ended. */
interface Day {
  readonly received: readonly string[];
  readonly sent: readonly string[];
  readonly wired: Buffer;
  readonly heap: Buffer;
  /** What the kiosk has said to who asked with somebody else's PIN. */
  readonly confirmed: string;
  readonly registrationCode: string;
  readonly pageToken: string;
}

const liveOneDay = async (): Promise<Day> => {
  const received: string[] = [];
  const sent: string[] = [];
  const store = await startSimulatedStore({
    dataDir,
    kioskPort: 0,
    panelPort: 0,
    registers: true,
    kiosk: 'elsewhere',
  });
  await store.admin.send('PUT', `/stores/${storeId}/staff/${person.staffId}`, { name: person.name, pin });
  const config = configSchema.parse(JSON.parse(await store.kioskConfig()));
  const wire = await createRecordingWire(Number(new URL(config.backendUrl).port));
  const kiosk = await startChild({
    name: 'kiosk',
    entry: 'electron/browser-host/main.ts',
    env: {
      PORT: '0',
      LATCHPOINT_CONFIG: JSON.stringify({ ...config, backendUrl: `http://127.0.0.1:${wire.port}` }),
      LATCHPOINT_SIMULATED: '1',
    },
    logDir: join(dataDir, 'logs'),
  });
  const url = z.string().parse(kiosk.ready['url']);
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(30_000);
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(payload.toString()));
    socket.on('framesent', ({ payload }) => sent.push(payload.toString()));
  });
  await page.goto(url);
  await page.getByRole('button', { name: person.name }).click();
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await openLock(page, 'Watches, top shelf');
  await enrolLock(page);
  const heap = await takeHeap(page);
  const confirmed = await openWithSecondPerson(
    store.admin,
    page.context(),
    new URL(url).origin,
    '0000051a00000101',
  );
  await browser.close();
  await kiosk.stop();
  // What PostgreSQL has in memory only is on the disk once it has stopped.
  await store.dispose();
  const wired = wire.recorded();
  await wire.dispose();
  return {
    ...{ received, sent, wired, heap, confirmed },
    registrationCode: config.registrationCode,
    pageToken: new URL(url).searchParams.get('token') ?? '',
  };
};

/** Which lock's key was lent to an operation: the one that was opened, and the one that was enrolled. */
const lockKeys = (): Secret[] => {
  const registry = openRegistry(join(dataDir, 'vendor', 'registry.sqlite'));
  try {
    return ['0000051a00000101', '0000051a00000109'].flatMap((serialNumber) => {
      const key = registry.registration(serialNumber)?.privateKey;
      if (!key) throw new Error(`${serialNumber} is not registered`);
      const { d } = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }).export({
        format: 'jwk',
      });
      return [{ name: `key of ${serialNumber}`, bytes: Buffer.from(d ?? '', 'base64url') }];
    });
  } finally {
    registry.dispose();
  }
};

const kioskKeys = async (passphraseFile: string): Promise<Secret[]> => {
  const secretStore = await createPassphraseFileStore({ path: passphraseFile, random: systemRandom });
  const wrapped = readFileSync(join(dataDir, 'kiosk', 'vault', 'keys.wrapped'));
  const plain = z
    .looseObject({ signing: z.string(), sealing: z.string() })
    .parse(JSON.parse(Buffer.from(await secretStore.unwrap(wrapped)).toString()));
  return (['signing', 'sealing'] as const).map((use) => {
    const { d } = createPrivateKey({
      key: Buffer.from(plain[use], 'base64'),
      format: 'der',
      type: 'pkcs8',
    }).export({ format: 'jwk' });
    return { name: `kiosk's ${use} key`, bytes: Buffer.from(d ?? '', 'base64url') };
  });
};

const fromWire = (wired: Buffer, pattern: RegExp): string[] => [
  ...new Set([...wired.toString('latin1').matchAll(pattern)].map(([, found]) => found ?? '')),
];

interface Planted {
  readonly pin: Secret;
  readonly keys: readonly Secret[];
  readonly own: readonly Secret[];
  readonly wired: readonly Secret[];
  readonly codes: readonly Secret[];
}

const plantedIn = async ({ wired, registrationCode }: Day): Promise<Planted> => {
  const secrets = openSecrets(dataDir);
  const tokens = fromWire(wired, /"access_token":"([\w.-]+)"/g);
  const assertions = fromWire(wired, /"client_assertion":"([\w.-]+)"/g);
  const codes = fromWire(wired, /"enrolmentCode":"([A-Za-z0-9+/=]+)"/g);
  expect([tokens.length, assertions.length, codes.length].every((count) => count > 0)).toBe(true);
  return {
    pin: secretText('PIN', pin),
    keys: [...lockKeys(), ...(await kioskKeys(secrets.passphraseFile))],
    own: [
      secretText('API key', secrets.vendorApiKey),
      secretText('admin token', secrets.adminToken),
      secretText('sealing secret', secrets.sealingSecret),
      secretText('passphrase', readFileSync(secrets.passphraseFile, 'utf8').trim()),
    ],
    wired: [
      ...tokens.map((token, index) => secretText(`access token ${index}`, token)),
      ...assertions.map((each, index) => secretText(`assertion ${index}`, each)),
      secretText('registration code', registrationCode),
    ],
    codes: codes.map((code, index) => ({
      name: `enrolment code ${index}`,
      bytes: Buffer.from(code, 'base64'),
    })),
  };
};

const all = ({ pin: own, keys, own: others, wired, codes }: Planted): Secret[] => [
  own,
  ...secondPins,
  ...keys,
  ...others,
  ...wired,
  ...codes,
];

/** Files below the folder; not those in which the simulation keeps its own secrets, its vendor and its locks. */
const filesOf = (folder: string): string[] => {
  const simulated = ['secrets.json', 'kiosk-passphrase', 'vendor', 'locks'];
  return readdirSync(join(dataDir, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(dataDir, folder, name))
    .filter((path) => !simulated.includes(relative(dataDir, path).split('/')[0] ?? ''))
    .filter((path) => statSync(path).isFile());
};
const tracesInFiles = (folder: string, secrets: readonly Secret[]): Record<string, string[]> =>
  Object.fromEntries(
    filesOf(folder)
      .map((path) => [relative(dataDir, path), tracesIn(readFileSync(path), secrets)] as const)
      .filter(([, traces]) => traces.length > 0),
  );

const test = base
  .extend('day', { scope: 'file' }, async ({}, { onCleanup }) => {
    onCleanup(() => rmSync(dataDir, { recursive: true, force: true }));
    return liveOneDay();
  })
  .extend('planted', { scope: 'file' }, ({ day }) => plantedIn(day));

test.beforeAll(({ planted: _planted }) => undefined, 180_000);

test('the search finds what is where it has to be', ({ day, planted }) => {
  const { pin: own, codes, wired } = planted;
  expect(tracesIn(Buffer.from(day.sent.join('\n')), [own])).toEqual(['PIN']);
  expect(tracesIn(day.wired, [...wired, ...codes])).toHaveLength(wired.length + codes.length);
  expect(Object.keys(tracesInFiles('backend', codes))).not.toEqual([]);
  expect(day.wired.includes('"sealed":"ey')).toBe(true);
  expect(day.heap.includes('Watches, top shelf')).toBe(true);
});

test('no message to the page holds a secret, and none of the page but the one that signs in', ({
  day,
  planted,
}) => {
  const secrets = planted;
  expect(day.received.length).toBeGreaterThan(20);
  expect(day.confirmed).toMatch(/"refused":{"code":"staff.wrong_pin".*"opened":{"kind":"open"/);
  expect(tracesIn(Buffer.from([...day.received, day.confirmed].join('\n')), all(secrets))).toEqual([]);
  const others = day.sent.filter((message) => !message.includes('"signIn"'));
  expect(tracesIn(Buffer.from(others.join('\n')), all(secrets))).toEqual([]);
});

test("the page's memory holds none, the PIN neither once it was sent", ({ day, planted }) => {
  expect(day.heap.length).toBeGreaterThan(1_000_000);
  expect(tracesIn(day.heap, [...all(planted), secretText('page token', day.pageToken)])).toEqual([]);
});

test('no log line of any process holds one', ({ day, planted }) => {
  expect(filesOf('logs').length).toBeGreaterThanOrEqual(4);
  const secrets = [...all(planted), secretText('page token', day.pageToken)];
  expect(tracesInFiles('logs', secrets)).toEqual({});
});

test('no file of the kiosk holds one: what lies there is sealed', ({ planted }) => {
  expect(filesOf('kiosk').map((path) => relative(join(dataDir, 'kiosk'), path))).toContain('kiosk.db');
  expect(tracesInFiles('kiosk', all(planted))).toEqual({});
});

test('no file of the backend holds one, but the enrolment codes', ({ planted }) => {
  const { codes, ...others } = planted;
  expect(filesOf('backend').length).toBeGreaterThan(100);
  expect(tracesInFiles('backend', all({ ...others, codes: [] }))).toEqual({});
  expect(codes.length).toBeGreaterThan(0);
});

test("between kiosk and backend there is no PIN, no key and none of the other side's secrets", ({
  day,
  planted,
}) => {
  const { pin: own, keys, own: others } = planted;
  expect(tracesIn(day.wired, [own, ...secondPins, ...keys, ...others])).toEqual([]);
});
