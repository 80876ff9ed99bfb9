import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import {
  attemptPhase,
  isSettling,
  isUnanswered,
  settlesMs,
  totalMs,
  unansweredMs,
  type Attempt,
} from './attempt-phase.ts';

const attempt = (rest: Partial<Attempt> = {}): Attempt => ({
  attemptId: '00000000-0000-4000-8000-000000000001',
  serialNumber: '0000051a00000005',
  lockName: 'Hook',
  startedAt: 1_000,
  stage: 'find',
  stageMs: {},
  canStop: true,
  end: null,
  bolt: null,
  ...rest,
});
const open = { kind: 'open', until: 6_000 } as const satisfies UnlockEnd;

describe('the phase of an attempt', () => {
  it('works until there is an end', () => {
    expect(attemptPhase(null, null, 0).kind).toBe('working');
    expect(attemptPhase(attempt(), null, 0).kind).toBe('working');
  });

  it('is open while the lock holds, then waits for the lock to say that it is locked', () => {
    expect(attemptPhase(attempt({ end: open, bolt: 'open' }), null, 5_999)).toMatchObject({
      kind: 'open',
      until: 6_000,
    });
    expect(attemptPhase(attempt({ end: open, bolt: 'locked' }), null, 6_000).kind).toBe('locked');
  });

  it('sends nobody to a lock that locks as usual: it is asked first, which takes up to three seconds', () => {
    const after = (ms: number) =>
      attemptPhase(attempt({ end: open, bolt: 'open' }), null, open.until + ms).kind;
    expect(settlesMs).toBe(3_000);
    expect([after(0), after(2_999), after(3_000)]).toEqual(['settling', 'settling', 'waiting']);
    // In the group's list a lock goes by the same.
    expect([-1, 0, 2_999, 3_000].map((ms) => isSettling(open.until, open.until + ms))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('does not wait for the stream when the call has ended', () => {
    expect(attemptPhase(null, ok(open), 1_000).kind).toBe('open');
    expect(attemptPhase(attempt(), fail('lock.busy'), 0)).toMatchObject({
      kind: 'not_open',
      error: { code: 'lock.busy' },
    });
  });

  it.each(['ipc.disconnected', 'ipc.timeout', 'internal.unexpected'] as const)(
    'does not know the end of a call that ended with %s',
    (code) => {
      expect(attemptPhase(attempt(), fail(code), 0).kind).toBe('unknown');
    },
  );

  it('believes the core rather than a broken call', () => {
    expect(attemptPhase(attempt({ end: open }), fail('ipc.disconnected'), 1_000).kind).toBe('open');
  });

  it('never says open or locked without the lock having said so', () => {
    const end = fc.constantFrom<UnlockEnd | null>(
      null,
      open,
      { kind: 'unknown' },
      { kind: 'not_open', error: { code: 'lock.busy', params: {} } },
    );
    const result = fc.constantFrom(
      null,
      ok(open),
      ok({ kind: 'unknown' } as const),
      fail('ipc.disconnected'),
      fail('lock.busy'),
    );
    const bolt = fc.constantFrom('open' as const, 'locked' as const, null);
    fc.assert(
      fc.property(end, result, bolt, fc.integer({ min: 0, max: 9_000 }), (e, r, b, now) => {
        const phase = attemptPhase(attempt({ end: e, bolt: b }), r, now);
        const told = e ?? (r?.ok ? r.value : null);
        if (phase.kind === 'open') expect(told).toMatchObject({ kind: 'open' });
        if (phase.kind === 'locked') expect(b).toBe('locked');
      }),
    );
  });

  it('adds up the stages', () => {
    expect(totalMs(attempt({ stageMs: { find: 100, connect: 200 } }))).toBe(300);
    expect(totalMs(attempt())).toBeNull();
  });
});

describe('a lock that does not answer', () => {
  const after = (ms: number, rest: Partial<Attempt> = {}) => isUnanswered(attempt(rest), 1_000 + ms);

  it('is said to be silent after three seconds in which it was looked for or connected to', () => {
    expect(unansweredMs).toBe(3_000);
    for (const stage of ['find', 'connect'] as const) {
      expect(after(2_999, { stage })).toBe(false);
      expect(after(3_000, { stage })).toBe(true);
    }
  });

  it('stays silent while it is connected to anew, and has the time in which it did answer taken off', () => {
    const anew = { stage: 'connect', stageMs: { find: 400, connect: 2_500, authenticate: 1_000 } } as const;
    expect(after(3_999, anew)).toBe(false);
    expect(after(4_000, anew)).toBe(true);
  });

  it('is not one that has answered, whose attempt has an end, or has not begun', () => {
    for (const stage of ['authenticate', 'actuate'] as const) expect(after(9_000, { stage })).toBe(false);
    expect(after(9_000, { end: { kind: 'unknown' } })).toBe(false);
    expect(isUnanswered(null, 9_000)).toBe(false);
  });
});
