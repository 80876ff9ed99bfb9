/** What a kiosk makes of what installs, of whoever comes, and of a channel that offers something else. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { never, updatesTest as test } from '#support/updates-kiosk.ts';

const hour = 60;
const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const anotherPackage = (bytes: Buffer) => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { packages: new Map([['linux-x64', { file: 'b.deb', bytes: bytes.length, sha256 }]]) };
};

describe('an update', () => {
  test('is taken back where something has begun while it was handed over, and is no try', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil, request, quiet, afterAsked } = kiosk;
    offer();
    await start();
    let asked = 0;
    afterAsked(() => {
      asked += 1;
      // Nobody has signed in: the kiosk itself is at work.
      if (asked === 1) quiet(false);
    });
    await advanceUntil(() => asked > 1, 4 * hour);
    expect([asked, existsSync(request())]).toEqual([2, false]);
    await advanceUntil(() => state()?.stage === 'waiting', 2);
    quiet(true);
    await advanceUntil(() => existsSync(request()), 5);
    expect(existsSync(request())).toBe(true);
  });

  test.for(['signature', 'room', 'system', 'expired', 'ahead', 'trial'])(
    'that was refused for %s is told, whatever version that names, and tried again the next night',
    async (why, { kiosk }) => {
      const { start, offer, state, advanceUntil, request, result, clock } = kiosk;
      offer();
      await start();
      await advanceUntil(() => existsSync(request()), 4 * hour);
      const first = clock.now();
      rmSync(request());
      result(`refused 0.3.0 ${timeText(first)} ${timeText(first)} ${why}`);
      await advanceUntil(() => state()?.problem !== null, 2);
      const problem = { code: 'update.not_installed', params: { version: '0.3.1', why } };
      expect(state()).toMatchObject({ stage: 'waiting', problem });
      await advanceUntil(() => existsSync(request()), 28 * hour);
      expect(existsSync(request())).toBe(true);
      expect(clock.now() - first).toBeGreaterThan(20 * hour * 60_000);
      expect(state()).toMatchObject({ stage: 'installing', problem: null });
    },
  );

  test('that was refused as another package than the signed one waits for a new manifest', async ({
    kiosk,
  }) => {
    const { start, offer, advanceUntil, request, result, clock } = kiosk;
    const { issuedAt } = offer();
    await start();
    await advanceUntil(() => existsSync(request()), 4 * hour);
    rmSync(request());
    result(`refused 0.3.1 ${timeText(issuedAt)} ${timeText(clock.now())} package`);
    await advanceUntil(() => existsSync(request()), 28 * hour);
    expect(existsSync(request())).toBe(false);
    offer({ issuedAt: issuedAt + 1000 });
    await advanceUntil(() => existsSync(request()), 26 * hour);
    expect(existsSync(request())).toBe(true);
  });

  test('that waits is dropped as soon as another package is offered, and that one is installed', async ({
    kiosk,
  }) => {
    const { server, start, offer, state, advanceUntil, request } = kiosk;
    const { issuedAt } = offer();
    await start();
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ stage: 'waiting' });
    const bytes = randomBytes(3_000);
    offer({ version: '0.3.2', issuedAt: issuedAt + 1000, ...anotherPackage(bytes) });
    await advanceUntil(() => existsSync(request()), 6 * hour);
    expect(existsSync(request())).toBe(false);
    server.files.set('b.deb', bytes);
    await advanceUntil(() => existsSync(request()), 24 * hour);
    expect(readFileSync(request(), 'utf8')).toBe('0.3.2\n');
  });

  test('that arrives damaged is got three times, and then with a new manifest only', async ({ kiosk }) => {
    const { server, start, offer, state, advanceUntil } = kiosk;
    const { issuedAt, packages } = offer();
    const whole = server.files.get('a.deb');
    if (!whole) throw new Error('no package');
    server.files.set('a.deb', randomBytes(whole.length));
    const got = (): number => server.asked.filter(({ path }) => path === '/a.deb').length;
    await start();
    await advanceUntil(never, 12 * hour);
    expect([got(), state()?.problem?.code]).toEqual([3, 'update.damaged']);
    offer({ issuedAt: issuedAt + 1000, packages });
    await advanceUntil(() => state()?.stage === 'waiting', 2 * hour);
    expect([got(), state()?.problem]).toEqual([4, null]);
  });

  test('from the future binds the kiosk to nothing', async ({ kiosk }) => {
    const { start, offer, state, advanceUntil, clock } = kiosk;
    const { issuedAt } = offer({ issuedAt: clock.now() + 48 * 3_600_000 });
    expect(issuedAt).toBeGreaterThan(clock.now());
    await start();
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ stage: 'current', problem: { code: 'update.ahead' } });
    offer();
    await advanceUntil(() => state()?.stage === 'waiting', 2 * hour);
    expect(state()).toMatchObject({ stage: 'waiting', problem: null });
  });
});
