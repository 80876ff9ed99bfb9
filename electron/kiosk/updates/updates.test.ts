import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { channelKeys, signManifest } from '#support/update-channel.ts';
import { content, evening, never, privateKey, updatesTest as test } from '#support/updates-kiosk.ts';
import type { Manifest } from './manifest.ts';

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
    // Told at once, and not with the next look at it.
    expect(state()).toMatchObject({ stage: 'waiting', problem: null });
    await advanceUntil(never, 2);
    expect(state()).toMatchObject({ stage: 'waiting', problem: null });
  });

  test('that are urgent are handed over by day, once nobody is there, and wait for no night', async ({
    kiosk,
  }) => {
    const { clock, start, offer, state, advanceUntil, request, quiet } = kiosk;
    offer({ urgent: true });
    quiet(false);
    const updates = await start();
    await advanceUntil(() => existsSync(request()), 30);
    expect([state()?.stage, state()?.offered?.urgent, existsSync(request())]).toEqual([
      'waiting',
      true,
      false,
    ]);
    expect(await updates.installTonight('0.3.1', () => Promise.reject(new Error('prepared')))).toMatchObject({
      error: { code: 'update.urgent', params: { version: '0.3.1' } },
    });
    quiet(true);
    await advanceUntil(() => existsSync(request()), 2);
    expect(readFileSync(request(), 'utf8')).toBe('0.3.1\n');
    expect(clock.now() - evening).toBeLessThan(60 * 60_000);
  });

  test('become urgent by a newer manifest, whatever was said of them before', async ({ kiosk }) => {
    const { start, offer, state, advanceUntil, request, quiet } = kiosk;
    const { issuedAt } = offer();
    quiet(false);
    const updates = await start();
    await advanceUntil(never, 1);
    expect(await updates.installTonight('0.3.1', () => Promise.resolve(ok(null)))).toEqual(ok(null));
    offer({ urgent: true, issuedAt: issuedAt + 1000 });
    await advanceUntil(() => state()?.offered?.urgent === true, 2 * 60);
    expect(state()).toMatchObject({ stage: 'waiting', tonight: false });
    expect(existsSync(request())).toBe(false);
    quiet(true);
    await advanceUntil(() => existsSync(request()), 2);
    expect(existsSync(request())).toBe(true);
  });

  test('that became urgent while they were handed over are shown so once they wait again', async ({
    kiosk,
  }) => {
    const { clock, start, offer, state, advanceUntil, request } = kiosk;
    const { issuedAt } = offer();
    const updates = await start();
    await advanceUntil(() => existsSync(request()), 4 * 60);
    const handedOverAt = clock.now();
    offer({ urgent: true, issuedAt: issuedAt + 1000 });
    await advanceUntil(() => (state()?.lookedAt ?? 0) > handedOverAt, 29);
    expect(state()).toMatchObject({ stage: 'installing', offered: { urgent: false } });
    await updates.interrupted();
    expect(state()).toMatchObject({ stage: 'waiting', offered: { urgent: true } });
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
      expect([came, state()?.stage, existsSync(request())]).toEqual([1, 'waiting', false]);
      await advanceUntil(never, 2);
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
