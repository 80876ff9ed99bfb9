/** What a refusal and an opening leave in the journal, and what keeps a command from leaving. As the page asks for it. */
import { describe, expect, test, vi } from 'vitest';
import { ids, serial } from '#support/kiosk-rows.ts';
import { cleo, createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Asked } from '#shared/ipc/opening-calls.ts';
import type { Rule } from '#shared/rights/model.ts';

const reasons: Rule['reasons'] = { choices: [{ code: 'sale', name: 'Sale' }] };
const twoPeople = rightsOf([{ group: 'Perfume', twoPeople: true }]);
const both = rightsOf([{ group: 'Perfume', twoPeople: true, reasons }]);
const byBob = { approval: { staffId: ids.bob, pin: pins.bob } };
const sale = { reason: { code: 'sale', number: '4711-12' } };

let on: RightsBench;
const begin = async (...scene: Parameters<typeof createRightsBench>): Promise<void> => {
  on = await createRightsBench(...scene);
  await on.staff.signIn(ids.ann, pins.ann);
};
const unlock = (asked?: Asked): Promise<Result<unknown>> =>
  on.calls.unlock({ serialNumber: serial, ...(asked ? { asked } : {}) }, on.context);
const open = { ok: true, value: { kind: 'open' } };

describe('the journal', () => {
  test('a refused tile that is tapped a hundred times is one event in ten minutes', async () => {
    await begin({ rights: rightsOf([{ group: 'Perfume', roles: ['manager'] }]) });
    for (let taps = 0; taps < 100; taps += 1) expect(await unlock()).toEqual(fail('rights.not_permitted'));
    expect(on.openings()).toMatchObject([
      {
        kind: 'refused',
        staffId: ids.ann,
        serialNumber: serial,
        attemptId: null,
        errorCode: 'rights.not_permitted',
        method: 'pin',
        group: 'Perfume',
      },
    ]);
    await on.clock.advance(10 * 60_000);
    await on.staff.signIn(ids.ann, pins.ann);
    await unlock();
    expect(on.openings()).toHaveLength(2);
  });

  test('of a kiosk that was killed in between tells who confirmed it, and why', async () => {
    await begin({ rights: both });
    on.driver.onUnlock = () => new Promise(() => undefined);
    void unlock({ ...sale, ...byBob });
    await vi.waitFor(() => expect(on.driver.asked).toHaveLength(1), { timeout: 20_000, interval: 5 });
    await on.intents.recover();
    expect(on.openings()).toMatchObject([
      { kind: 'unlock_unknown', ...sale, approver: { staffId: ids.bob }, group: 'Perfume', method: 'pin' },
    ]);
  });

  test('of a store without rights is told nothing that its backend would not know', async () => {
    await begin({ ann: {} });
    on.data.staff$.next(on.data.staff$.value.map(({ roles: _, ...person }) => person));
    expect(await unlock(sale)).toMatchObject(open);
    expect(Object.keys(on.openings()[0] ?? {})).not.toEqual(
      expect.arrayContaining(['method', 'group', 'reason']),
    );
  });
});

test('no PIN is in what is answered, written down or kept, right or wrong', async () => {
  await begin({ rights: twoPeople });
  const answers = [
    await unlock({ approval: { staffId: ids.bob, pin: '73920164' } }),
    await unlock({ approval: { staffId: ids.ann, pin: '73920164' } }),
    await unlock({ approval: { staffId: cleo, pin: '73920164' } }),
    await unlock(byBob),
  ];
  expect(answers.map(({ ok: isOk }) => isOk)).toEqual([false, false, false, true]);
  const said = JSON.stringify([answers, on.data.events, [...on.data.notes], on.driver.command]);
  expect(said).toContain('unlocked');
  for (const pin of ['73920164', pins.bob]) expect(said).not.toContain(`"${pin}"`);
});

describe('the kiosk itself', () => {
  test('what keeps it from every lock is said first, and nobody’s PIN is judged for it', async () => {
    await begin({ rights: twoPeople });
    on.driver.radioState$.next('no_dongle');
    const wrong = { approval: { staffId: ids.bob, pin: '0000' } };
    expect(await unlock(wrong)).toMatchObject({
      value: { kind: 'not_open', error: { code: 'radio.no_dongle' } },
    });
    expect(on.data.events.some(({ kind }) => kind === 'sign_in_refused')).toBe(false);
    expect(on.openings()).not.toMatchObject([{ approver: {} }]);
  });

  test('what a person may not is said before that the lock is not near', async () => {
    await begin({ rights: rightsOf([{ group: 'Perfume', roles: ['manager'] }]) });
    await on.clock.advance(50_000);
    expect(on.nearby.get(serial)).toBeNull();
    expect(await unlock()).toEqual(fail('rights.not_permitted'));
  });

  test('hours that end while it connects keep the command from leaving', async () => {
    const until = '09:01';
    const weekly = [{ days: [1], from: '08:00', until }];
    await begin({ rights: rightsOf([{ group: 'Perfume', schedule: { weekly, exceptions: [] } }]) });
    await on.clock.advance(55_000);
    on.driver.hear(serial);
    let committed = false;
    on.driver.onUnlock = async (_, { onStage, onCommitted, signal }) => {
      onStage?.('connect');
      await on.clock.advance(6_000);
      onStage?.('authenticate');
      if (signal?.aborted) return fail('lock.cancelled');
      committed = true;
      onCommitted?.();
      return ok({ holdOpenSeconds: 5 });
    };
    const answer = await unlock();
    expect(answer).toMatchObject({
      value: {
        kind: 'not_open',
        error: { code: 'rights.outside_hours', params: { fromAt: Date.UTC(2026, 0, 12, 8) } },
      },
    });
    expect(committed).toBe(false);
    expect(on.openings()).toMatchObject([{ kind: 'not_unlocked', errorCode: 'rights.outside_hours' }]);
  });
});
