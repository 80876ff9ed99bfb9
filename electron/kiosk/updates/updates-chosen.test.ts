/** What a person says of an update that waits, how far it has come, and what the journal is told of it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { never, updatesTest as test } from '#support/updates-kiosk.ts';

const hour = 60;
const minute = 60_000;
const fine = () => Promise.resolve(ok(null));
const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

describe('an update that waits', () => {
  test('is handed over by day where a person says now, and somebody who comes still takes it back', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil, request, quiet } = kiosk;
    offer();
    quiet(false);
    const updates = await start();
    await advanceUntil(never, 1);
    expect(await updates.installNow('0.3.1', fine)).toEqual(ok(null));
    expect(state()).toMatchObject({ stage: 'installing', step: 0 });
    expect(readFileSync(request(), 'utf8')).toBe('0.3.1\n');
    await updates.interrupted();
    expect([state()?.stage, existsSync(request())]).toEqual(['waiting', false]);
    expect(await updates.installNow('0.3.1', fine)).toEqual(ok(null));
    expect([state()?.stage, existsSync(request())]).toEqual(['installing', true]);
  });

  test.for<['installNow' | 'installTonight', object]>([
    ['installNow', { stage: 'installing', problem: null }],
    ['installTonight', { stage: 'waiting', tonight: true, problem: null }],
  ])(
    'does not wait for a channel that says nothing when a person chooses (%s), and the channel is asked again',
    async ([when, becomes], { kiosk }) => {
      const { start, offer, state, advanceUntil, server, clock } = kiosk;
      offer();
      const updates = await start();
      await advanceUntil(never, 1);
      server.faults = { isSilent: true };
      const asked = () => server.asked.filter(({ path }) => path === '/latchpoint.update').length;
      const before = asked();
      await clock.advance(50 * minute);
      await expect.poll(asked, { timeout: 20_000 }).toBe(before + 1);
      // The clock stands: nothing but the choice ends the look.
      expect(await updates[when]('0.3.1', fine)).toEqual(ok(null));
      expect(state()).toMatchObject(becomes);
      server.faults = {};
      await advanceUntil(() => asked() > before + 1, 3);
      expect(asked()).toBe(before + 2);
    },
  );

  test.for<[string, string]>([
    ['another version', '0.3.2'],
    ['one that is handed over already', '0.3.1'],
  ])(
    'is not another one: %s cannot be chosen, and nothing is prepared for it',
    async ([, version], { kiosk }) => {
      const { start, offer, advanceUntil } = kiosk;
      offer();
      const updates = await start();
      await advanceUntil(never, 1);
      if (version === '0.3.1') await updates.installNow(version, fine);
      let prepared = 0;
      const prepare = () => {
        prepared += 1;
        return fine();
      };
      for (const when of ['installNow', 'installTonight'] as const)
        expect(await updates[when](version, prepare)).toMatchObject({
          error: { code: 'update.not_waiting', params: { version } },
        });
      expect(prepared).toBe(0);
    },
  );

  test('stays where it is while the kiosk is busy, or what has to be done before is refused', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil, request, free } = kiosk;
    offer();
    const updates = await start();
    await advanceUntil(never, 1);
    const refusal = { ok: false, error: { code: 'storage.disk_full', params: {} } } as const;
    expect(await updates.installNow('0.3.1', () => Promise.resolve(refusal))).toEqual(refusal);
    free(false);
    expect(await updates.installNow('0.3.1', fine)).toMatchObject({ error: { code: 'update.kiosk_busy' } });
    expect([state()?.stage, existsSync(request())]).toEqual(['waiting', false]);
  });

  test('of which a person has said tonight is so after a start, too, and the next version is not', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil } = kiosk;
    const { issuedAt } = offer();
    const updates = await start();
    await advanceUntil(never, 1);
    expect(await updates.installTonight('0.3.1', fine)).toEqual(ok(null));
    expect(state()).toMatchObject({ stage: 'waiting', tonight: true });
    await start();
    await advanceUntil(never, 1);
    expect(state()).toMatchObject({ stage: 'waiting', tonight: true });
    offer({ version: '0.3.2', issuedAt: issuedAt + 1000 });
    await advanceUntil(() => state()?.offered?.version === '0.3.2', 2 * hour);
    expect(state()).toMatchObject({ stage: 'waiting', tonight: false });
  });

  test('says how far its download and its installation have come', async ({ kiosk }) => {
    const { clock, start, offer, state, advanceUntil, request, step } = kiosk;
    offer();
    const seen: number[] = [];
    const updates = await start();
    updates.state$.subscribe(({ stage, percent }) => {
      if (stage === 'downloading') seen.push(percent);
    });
    await advanceUntil(never, 1);
    expect([seen[0], seen.at(-1)]).toEqual([0, 100]);
    await advanceUntil(() => existsSync(request()), 4 * hour);
    for (const done of [1, 3]) {
      step(done);
      // A look that had begun before it was written is followed by another.
      await expect
        .poll(async () => (await clock.advance(1_000), state()), { interval: 50, timeout: 20_000 })
        .toMatchObject({ stage: 'installing', step: done });
    }
  });

  test('is not handed over once more by a person where it was refused for good a moment ago', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil, request, result, clock } = kiosk;
    const { issuedAt } = offer();
    const updates = await start();
    await advanceUntil(never, 1);
    expect(await updates.installNow('0.3.1', fine)).toEqual(ok(null));
    rmSync(request());
    result(`refused 0.3.1 ${timeText(issuedAt)} ${timeText(clock.now())} package`);
    expect(await updates.installNow('0.3.1', fine)).toMatchObject({ error: { code: 'update.not_waiting' } });
    expect(existsSync(request())).toBe(false);
    expect(state()).toMatchObject({ problem: { code: 'update.not_installed', params: { why: 'package' } } });
  });

  test('is given up once this computer has refused it twice, also over a start, until a new manifest or a person says otherwise', async ({
    kiosk,
  }) => {
    const { start, offer, state, advanceUntil, request, result, clock } = kiosk;
    const { issuedAt } = offer();
    let updates = await start();
    for (const code of ['update.not_installed', 'update.given_up']) {
      await advanceUntil(() => existsSync(request()), 28 * hour);
      rmSync(request());
      result(`refused 0.3.1 ${timeText(issuedAt)} ${timeText(clock.now())} system`);
      updates = await start();
      await advanceUntil(() => state()?.problem !== null, 2 * hour);
      expect(state()).toMatchObject({ stage: 'waiting', problem: { code, params: { version: '0.3.1' } } });
    }
    await advanceUntil(() => existsSync(request()), 50 * hour);
    expect(existsSync(request())).toBe(false);
    expect(await updates.installNow('0.3.1', fine)).toEqual(ok(null));
    await updates.interrupted();
    await advanceUntil(never, 2);
    offer({ issuedAt: issuedAt + 1000 });
    await advanceUntil(() => existsSync(request()), 26 * hour);
    expect(existsSync(request())).toBe(true);
  });

  test('is not given up while another program is at the packages', async ({ kiosk }) => {
    const { start, offer, advanceUntil, request, result, clock } = kiosk;
    const { issuedAt } = offer();
    await start();
    for (let night = 0; night < 3; night += 1) {
      await advanceUntil(() => existsSync(request()), 28 * hour);
      expect(existsSync(request())).toBe(true);
      rmSync(request());
      result(`refused 0.3.1 ${timeText(issuedAt)} ${timeText(clock.now())} busy`);
    }
  });

  test('is tried again within two hours, where it is urgent and another program was at the packages', async ({
    kiosk,
  }) => {
    const { start, offer, advanceUntil, request, result, clock } = kiosk;
    const { issuedAt } = offer({ urgent: true });
    await start();
    for (const [why, isTried] of [
      ['busy', true],
      ['room', false],
    ] as const) {
      await advanceUntil(() => existsSync(request()), 10);
      rmSync(request());
      result(`refused 0.3.1 ${timeText(issuedAt)} ${timeText(clock.now())} ${why}`);
      await advanceUntil(() => existsSync(request()), 30);
      expect(existsSync(request())).toBe(false);
      await advanceUntil(() => existsSync(request()), 2 * 60);
      expect(existsSync(request())).toBe(isTried);
    }
  });

  test('that arrives damaged is got three times in all, however often the kiosk is started', async ({
    kiosk,
  }) => {
    const { server, start, offer, state, advanceUntil } = kiosk;
    offer();
    const whole = server.files.get('a.deb');
    server.files.set('a.deb', Buffer.alloc(whole?.length ?? 0, 7));
    const got = (): number => server.asked.filter(({ path }) => path === '/a.deb').length;
    for (let times = 0; times < 5; times += 1) {
      await start();
      await advanceUntil(() => state()?.problem?.code === 'update.damaged', 2);
    }
    expect([got(), state()?.problem?.code]).toEqual([3, 'update.damaged']);
  });
});

describe('what became of an update', () => {
  test.for([
    ['installed', 'installed'],
    ['went-back', 'went_back'],
  ])(
    'as %s is told to the journal once, over starts and a disk that was full',
    async ([outcome, what], { kiosk }) => {
      const { start, result, told, journalStores, clock, advanceUntil } = kiosk;
      result(`${outcome} 0.3.1 ${timeText(clock.now() - 3_600_000)} ${timeText(clock.now())}`);
      journalStores(false);
      await start('0.3.1');
      await advanceUntil(never, 3);
      expect(told()).toEqual([]);
      journalStores(true);
      for (let times = 0; times < 3; times += 1) {
        await start('0.3.1');
        await advanceUntil(never, 3);
      }
      expect(told()).toEqual([{ kind: 'update_done', update: { version: '0.3.1', what } }]);
    },
  );

  test('a month ago is no news of this kiosk, and a refusal is none for the journal', async ({ kiosk }) => {
    const { start, result, told, clock, advanceUntil } = kiosk;
    result(`installed 0.3.1 ${timeText(0)} ${timeText(clock.now() - 30 * 24 * 3_600_000)}`);
    await start('0.3.1');
    result(`refused 0.3.2 ${timeText(clock.now())} ${timeText(clock.now())} room`);
    await advanceUntil(never, 3);
    expect(told()).toEqual([]);
  });
});
