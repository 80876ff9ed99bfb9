import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { startPackageServer } from '#support/package-server.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { channelKeys, manifestOf, signManifest } from '#support/update-channel.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import type { Manifest } from './manifest.ts';
import { createUpdates, type UpdateState, type Updates } from './updates.ts';

const { publicKey, privateKey } = channelKeys();
const minute = 60_000;
const step = 20_000;
const content = randomBytes(5_000);
const evening = Date.UTC(2026, 0, 5, 23);

/** A kiosk in a store at UTC, its channel, and what installs, played by the test. */
const test = folderTest.extend('kiosk', async ({ folder }, { onCleanup }) => {
  const server = await startPackageServer();
  const clock = new ManualClock(evening);
  const logger = createRecordingLogger();
  const own = join(folder, 'own');
  mkdirSync(own);
  const running: Updates[] = [];
  let isQuiet = true;
  let onAsked = (): void => undefined;
  let state: UpdateState | null = null;
  const start = async (version = '0.3.0'): Promise<Updates> => {
    await running.pop()?.dispose();
    const updates = createUpdates({
      host: {
        key: publicKey,
        version,
        platform: 'linux-x64',
        folder: own,
        resultFile: join(folder, 'result'),
      },
      settings: { channel: server.url, ring: 'all', window: { from: '02:00', to: '05:00' } },
      fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
      ...{ clock, logger, random: { float: () => 0 } },
      storeId: () => 'a-store',
      offsetAt: () => 0,
      isQuiet: () => {
        const answer = Promise.resolve(isQuiet);
        void answer.then(() => onAsked());
        return answer;
      },
    });
    running.push(updates);
    updates.state$.subscribe((next) => (state = next));
    await updates.start();
    return updates;
  };
  const offer = (rest: Partial<Manifest> = {}): Manifest => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const packages = new Map([['linux-x64', { file: 'a.deb', bytes: content.length, sha256 }]]);
    const manifest = manifestOf({ packages, ...rest });
    server.files.set('a.deb', content);
    server.files.set('latchpoint.update', signManifest(manifest, privateKey));
    return manifest;
  };
  onCleanup(async () => {
    await running.pop()?.dispose();
    await server.close();
  });
  return {
    ...{ server, clock, logger, own, start, offer },
    state: (): UpdateState | null => state,
    request: () => join(own, 'request'),
    result: (line: string) => writeFileSync(join(folder, 'result'), `${line}\n`),
    quiet: (now: boolean) => (isQuiet = now),
    /** Runs at the moment at which it was answered that nobody is there. */
    afterAsked: (act: () => void) => (onAsked = act),
    /** Time goes on until it is so. In steps that are shorter than any deadline, with all that is begun in each: real answers take real time. */
    advanceUntil: async (holds: () => boolean, minutes: number): Promise<void> => {
      for (let left = (minutes * minute) / step; left > 0 && !holds(); left -= 1) {
        await clock.advance(step);
        await running.at(-1)?.settled();
      }
    },
  };
});

const never = (): boolean => false;

describe('updates', () => {
  test('are got by day and handed over at night, whole and as they were signed', async ({ kiosk }) => {
    const { clock, own, start, offer, state, advanceUntil, request } = kiosk;
    const manifest = offer();
    await start();
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ stage: 'waiting', offered: { version: '0.3.1' }, problem: null });
    await advanceUntil(() => existsSync(request()), 4 * 60);
    expect(state()).toMatchObject({ stage: 'installing' });
    expect([2, 3, 4]).toContain(new Date(clock.now()).getUTCHours());
    expect(readFileSync(join(own, 'package')).equals(content)).toBe(true);
    expect(readFileSync(join(own, 'manifest')).equals(signManifest(manifest, privateKey))).toBe(true);
    expect(readFileSync(request(), 'utf8')).toBe('0.3.1\n');
  });

  test('wait while somebody is there, and are taken back when somebody comes before they are begun', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil, request, quiet } = kiosk;
    offer();
    quiet(false);
    const updates = await start();
    await advanceUntil(() => existsSync(request()), 4 * 60);
    expect(state()).toMatchObject({ stage: 'waiting' });
    expect(existsSync(request())).toBe(false);
    quiet(true);
    await advanceUntil(() => existsSync(request()), 2 * 60);
    expect(existsSync(request())).toBe(true);
    quiet(false);
    await updates.interrupted();
    expect(existsSync(request())).toBe(false);
    await advanceUntil(never, 2);
    expect(state()).toMatchObject({ stage: 'waiting', problem: null });
  });

  test.for([0, 1, 3, 10])(
    'are taken back from who comes at any moment of the handing over (%d)',
    async (turns, { kiosk }) => {
      const { start, offer, state, advanceUntil, request, afterAsked } = kiosk;
      offer();
      const updates = await start();
      let came = 0;
      let coming = Promise.resolve();
      const come = async (): Promise<void> => {
        for (let left = turns; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
        await updates.interrupted();
      };
      afterAsked(() => {
        came += 1;
        coming = come();
      });
      await advanceUntil(() => came > 0, 4 * 60);
      await coming;
      await updates.settled();
      expect([came, state()?.stage, existsSync(request())]).toEqual([1, 'installing', false]);
      await advanceUntil(() => state()?.stage === 'waiting', 2);
      expect(state()).toMatchObject({ stage: 'waiting', problem: null });
    },
  );

  test('that are stopped before the night are not installed, and what was got is thrown away', async ({
    kiosk,
  }) => {
    const { own, start, offer, state, advanceUntil, request } = kiosk;
    const { issuedAt } = offer();
    await start();
    await advanceUntil(never, 1);
    expect(existsSync(join(own, 'package'))).toBe(true);
    offer({ rings: {}, issuedAt: issuedAt + 1000 });
    await advanceUntil(() => existsSync(request()), 6 * 60);
    expect(state()).toMatchObject({ stage: 'current', offered: null, problem: null });
    expect(existsSync(request())).toBe(false);
    expect(existsSync(join(own, 'package'))).toBe(false);
  });

  test('of a manifest that is older than one that was seen are refused, also by the next start', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil } = kiosk;
    const { issuedAt } = offer({ version: '0.3.2' });
    await start();
    await advanceUntil(never, 1);
    await start();
    offer({ issuedAt: issuedAt - 1000 });
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ stage: 'current', offered: null, problem: { code: 'update.replayed' } });
  });

  test.for<[string, Partial<Manifest>]>([
    ['update.expired', { expiresAt: evening, issuedAt: evening - 1000 }],
    ['update.older', { version: '0.2.9', from: '0.2.0' }],
    ['update.not_from_here', { version: '0.4.0', from: '0.3.1' }],
    ['update.other_platform', { packages: new Map() }],
  ])('say %s, once in the log, and get nothing', async ([code, rest], { kiosk }) => {
    const { server, logger, start, offer, state, advanceUntil } = kiosk;
    offer(rest);
    await start();
    await advanceUntil(never, 150);
    expect(state()).toMatchObject({ stage: 'current', problem: { code } });
    expect(server.asked.length).toBeGreaterThan(1);
    expect(server.asked.every(({ path }) => path === '/latchpoint.update')).toBe(true);
    expect(logger.lines.filter(({ event }) => event === 'update refused')).toHaveLength(1);
  });

  test('that nobody has signed are refused, and what was ready is not installed', async ({ kiosk }) => {
    const { server, start, offer, state, advanceUntil, request } = kiosk;
    const manifest = offer();
    await start();
    await advanceUntil(never, 1);
    server.files.set('latchpoint.update', signManifest(manifest, channelKeys().privateKey));
    await advanceUntil(() => existsSync(request()), 6 * 60);
    expect(state()).toMatchObject({ stage: 'current', problem: { code: 'update.bad_signature' } });
    expect(existsSync(request())).toBe(false);
  });

  test('go on after a silence, and what is ready is installed also while nobody answers', async ({
    kiosk,
  }) => {
    const { server, start, offer, state, advanceUntil, request } = kiosk;
    offer();
    server.faults = { status: 503 };
    await start();
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ problem: { code: 'update.no_answer' } });
    server.faults = {};
    await advanceUntil(never, 5);
    expect(state()).toMatchObject({ stage: 'waiting', problem: null });
    server.faults = { status: 503 };
    await advanceUntil(() => existsSync(request()), 4 * 60);
    expect(existsSync(request())).toBe(true);
  });

  test.for([
    ['refused 0.3.1 @ 2026-01-05T23:00:30Z package', 'update.not_installed'],
    ['refused 0.3.1 @ 2026-01-05T23:00:30Z whatever', 'update.not_installed'],
    ['went-back 0.3.1 @ 2026-01-05T23:00:30Z', 'update.went_back'],
  ])('of which it says %s are told as %s and not handed over again', async ([line = '', code], { kiosk }) => {
    const { start, offer, state, advanceUntil, request, result } = kiosk;
    const { issuedAt } = offer();
    result(line.replace('@', new Date(issuedAt).toISOString()));
    await start();
    await advanceUntil(() => existsSync(request()), 6 * 60);
    expect(state()).toMatchObject({ problem: { code, params: { version: '0.3.1' } } });
    expect(existsSync(request())).toBe(false);
  });

  test('that nothing takes are taken back after half an hour, and that is told', async ({ kiosk }) => {
    const { start, offer, state, advanceUntil, request } = kiosk;
    offer();
    await start();
    await advanceUntil(() => existsSync(request()), 4 * 60);
    await advanceUntil(() => !existsSync(request()), 40);
    expect(state()?.problem).toEqual({
      code: 'update.not_installed',
      params: { version: '0.3.1', why: 'other' },
    });
  });

  test('are not begun on a disk that takes nothing', async ({ kiosk }) => {
    const { own, start, offer, state, server, advanceUntil } = kiosk;
    offer();
    rmSync(own, { recursive: true });
    writeFileSync(own, 'a file where the folder should be');
    await start();
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ problem: { code: 'storage.read_only' } });
    expect(server.asked.map(({ path }) => path)).toEqual(['/latchpoint.update']);
  });
});
