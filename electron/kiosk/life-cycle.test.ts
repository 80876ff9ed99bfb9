/** The end of a kiosk's life: what is revoked goes, whatever the disk says and however often the machine stops. */
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { FakeData } from '#support/fake-data.ts';
import { revocationWord } from '#support/revocation-word.ts';
import type { SyncState } from './data/port.ts';
import { createLifeCycle } from './life-cycle.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from './platform/manual-clock.ts';
import { seededRandom } from './platform/seeded-random.ts';
import { unregisteredSync } from './data/sync/round-end.ts';
import type { Vault } from './vault/port.ts';

const someone: Vault['identity'] = {
  kioskId: 'a',
  kioskName: 'b',
  storeId: 'c',
  storeName: 'd',
  owner: 'e',
  vendorRoot: 'AAAA',
  backendKey: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
};
const code = 'ABCD-EFGH-JKMN-PQRS';

/** A kiosk on what an earlier run has left: its data, and who it is. */
const createParts = (
  data: FakeData,
  left: Vault['identity'],
  kept: Result<null> = ok(null),
  state: Vault['state'] = 'ready',
) => {
  const done: string[] = [];
  const clock = new ManualClock();
  const state$ = new BehaviorSubject<SyncState>(unregisteredSync);
  let identity = left;
  const refused = () => Promise.resolve(fail('vault.cannot_open'));
  const vault: Vault = {
    get identity() {
      return identity;
    },
    state,
    rotation: 'none',
    signingKey: null,
    fingerprint: null,
    prepareKeys: refused,
    prepareRotation: refused,
    open: refused,
    openPin: () => Promise.resolve(null),
    saveIdentity: () => Promise.resolve(),
    clientAssertion: () => Promise.resolve(''),
    signStatement: () => Promise.resolve(''),
    adoptRotation: () => Promise.resolve(),
    settleRotation: () => Promise.resolve(),
    mac: () => Promise.resolve(fail('vault.cannot_open')),
    isSealedToCurrent: () => Promise.resolve(false),
    isLeftErasing: false,
    forgetErasure: () => Promise.resolve(),
    erase: () => {
      done.push('keys erased');
      identity = null;
      return Promise.resolve();
    },
  };
  const lifeCycle = createLifeCycle({
    vault,
    data,
    notice: data.notice,
    hiddenNotice: data.hiddenNotice,
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    registration: {
      register: () => {
        identity = someone;
        return Promise.resolve(ok(null));
      },
    },
    replication: { state$, start: () => undefined, restart: () => Promise.resolve() },
    lastWords: {
      keep: ({ reason }) => {
        done.push(`sealed, ${reason}`);
        return Promise.resolve(kept);
      },
      keepAgain: () => Promise.resolve(),
    },
  });
  return {
    lifeCycle,
    done,
    phase: () => firstValueFrom(lifeCycle.phase$),
    clock,
    vault,
    start: (configured?: string) => lifeCycle.start({ code: configured, name: 'Counter' }),
    revoke: () => state$.next({ ...unregisteredSync, revocation: revocationWord() }),
    register: () => lifeCycle.register({ code, name: 'Counter' }, new AbortController().signal),
  };
};

describe('what a revocation erases', () => {
  test('goes at once, and a restart finds nothing left to do', async () => {
    const data = new FakeData();
    const { lifeCycle, phase, clock, vault, start, revoke } = createParts(data, someone);
    await start();
    revoke();
    await clock.advance(0);
    expect([vault.identity, data.erased, await phase()]).toEqual([null, 1, 'revoked']);
    await lifeCycle.dispose();
    const again = createParts(data, null);
    await again.start();
    expect([data.erased, await again.phase()]).toEqual([1, 'revoked']);
    await again.lifeCycle.dispose();
  });

  test('goes although what is under way fails to end, and after all of it was asked to', async () => {
    const data = new FakeData();
    const { lifeCycle, phase, clock, vault, start, revoke, done } = createParts(data, someone);
    lifeCycle.onRevoked(() => Promise.reject(new Error('nobody to sign out')));
    lifeCycle.onRevoked(() => done.push('operation ended'));
    lifeCycle.onErase(() => done.push('journal forgotten'));
    await start();
    revoke();
    await clock.advance(0);
    expect([vault.identity, data.erased, await phase()]).toEqual([null, 1, 'revoked']);
    expect(done).toEqual([
      'operation ended',
      expect.stringContaining('sealed'),
      'keys erased',
      'journal forgotten',
    ]);
    await lifeCycle.dispose();
  });

  test('goes at the next start where the machine stopped after the keys and before the data', async () => {
    const data = new FakeData();
    const stopped = createParts(data, someone);
    await stopped.start();
    data.erase = () => new Promise(() => undefined);
    stopped.revoke();
    await stopped.clock.advance(0);
    expect(stopped.vault.identity).toBeNull();
    const left = new FakeData();
    for (const [key, value] of data.notes) left.notes.set(key, value);
    const again = createParts(left, null);
    await again.start();
    expect([left.erased, await again.phase()]).toEqual([1, 'revoked']);
    await again.lifeCycle.dispose();
  });

  test('goes as soon as a full disk allows it; nothing of it is kept for who registers anew', async () => {
    const data = new FakeData();
    const { lifeCycle, phase, clock, vault, start, revoke, register } = createParts(data, someone);
    await start();
    data.diskFull = true;
    revoke();
    await clock.advance(90_000);
    expect([vault.identity, data.erased, await phase()]).toEqual([null, 0, 'revoked']);
    expect(await register()).toMatchObject({ ok: false, error: { code: 'storage.disk_full' } });
    data.diskFull = false;
    await clock.advance(30_000);
    expect(data.erased).toBe(1);
    expect(await register()).toEqual(ok(null));
    // Whoever is registered now loses nothing to an earlier try.
    await clock.advance(3_600_000);
    expect([vault.identity, data.erased, await phase()]).toEqual([someone, 1, 'ready']);
    await lifeCycle.dispose();
  });

  test('goes before a new registration that comes before the next try', async () => {
    const data = new FakeData();
    const { lifeCycle, clock, vault, start, revoke, register } = createParts(data, someone);
    await start();
    data.diskFull = true;
    revoke();
    await clock.advance(1_000);
    data.diskFull = false;
    expect(await register()).toEqual(ok(null));
    await clock.advance(3_600_000);
    expect([vault.identity, data.erased]).toEqual([someone, 1]);
    await lifeCycle.dispose();
  });
});

describe('what a revoked kiosk had not delivered', () => {
  test('is sealed before the keys go, also by the next start where the machine stopped before that', async () => {
    const data = new FakeData();
    const stopped = createParts(data, someone);
    await stopped.start();
    stopped.vault.erase = () => new Promise(() => undefined);
    stopped.revoke();
    await stopped.clock.advance(0);
    expect(stopped.done).toEqual(['sealed, lost_or_stolen']);
    const left = new FakeData();
    for (const [key, value] of data.notes) left.notes.set(key, value);

    const again = createParts(left, someone);
    await again.start();
    expect(again.done).toEqual(['sealed, lost_or_stolen', 'keys erased']);
    expect([await again.phase(), await firstValueFrom(again.lifeCycle.revokedFor$)]).toEqual([
      'revoked',
      'lost_or_stolen',
    ]);
    await again.lifeCycle.dispose();
    // And the start after that asks for nothing more, and still says why.
    const last = createParts(left, null);
    await last.start();
    expect(last.done).toEqual([]);
    expect(await firstValueFrom(last.lifeCycle.revokedFor$)).toBe('lost_or_stolen');
    await last.lifeCycle.dispose();
  });

  test('does not keep the keys: where the disk takes nothing, they go, and that is said', async () => {
    const data = new FakeData();
    const { lifeCycle, clock, vault, done, start, revoke } = createParts(
      data,
      someone,
      fail('storage.disk_full'),
    );
    await start();
    revoke();
    await clock.advance(0);
    expect([done, vault.identity]).toEqual([['sealed, lost_or_stolen', 'keys erased'], null]);
    expect(await firstValueFrom(lifeCycle.notice$)).toMatchObject({ code: 'storage.disk_full' });
    await lifeCycle.dispose();
  });
});

test.each([
  ['cannot be opened', 'cannot_open', someone, ['unregistered', 'a', 0]],
  ['are not there yet', 'ready', null, ['ready', 'a', 0]],
] as const)('a code in the configuration, where the keys %s', async (_what, state, left, expected) => {
  const data = new FakeData();
  const { lifeCycle, phase, clock, vault, start, done } = createParts(data, left, ok(null), state);
  await start(code);
  await clock.advance(60_000);
  expect([await phase(), vault.identity?.kioskId, data.erased]).toEqual(expected);
  expect(done).toEqual([]);
  await lifeCycle.dispose();
});

test('that data was lost is told once a disk that was full at the start has room, and again when registered anew', async () => {
  const data = new FakeData();
  data.notice = { code: 'storage.disk_full', params: {} };
  data.hiddenNotice = { code: 'storage.lost', params: {} };
  const { lifeCycle, clock, start } = createParts(data, null);
  const said = async () => (await firstValueFrom(lifeCycle.notice$))?.code;
  await start('my code');
  expect(await said()).toBe('config.invalid');
  await lifeCycle.register({ code, name: 'Counter' }, new AbortController().signal);
  expect(await said()).toBe('storage.disk_full');
  await clock.advance(5_000);
  expect(await said()).toBe('storage.lost');
  await lifeCycle.dispose();
});

test('a configured code that is none is said with its key, and not tried', async () => {
  const parts = createParts(new FakeData(), null);
  await parts.start('my code');
  await parts.clock.advance(120_000);
  expect(await firstValueFrom(parts.lifeCycle.notice$)).toEqual({
    code: 'config.invalid',
    params: {
      source: 'the configuration',
      path: 'registrationCode',
      problem: 'is no registration code: four groups of four letters and digits, none of them 0, O, 1 or I',
    },
  });
  expect([await parts.phase(), parts.vault.identity]).toEqual(['unregistered', null]);
  await parts.lifeCycle.dispose();
});
