/** By which time and which documents a person is judged. */
import { BehaviorSubject } from 'rxjs';
import { expect, test } from 'vitest';
import { FakeData } from '#support/fake-data.ts';
import { ids, staffRow, storeRow } from '#support/kiosk-rows.ts';
import { rightsOf } from '#support/rights-bench.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import { onlyByRole, permissions } from '#shared/rights/model.ts';
import type { Clock } from '../platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createTrustedTime } from '../vault/trusted-time.ts';
import { createWaits } from './waits.ts';
import { createJudge, type Judge } from './judge.ts';

const hour = 3_600_000;

const judgeWith = (rights: unknown, part: Partial<StaffDocument>, clock: Clock = new ManualClock()): Judge =>
  createJudge({
    staff$: new BehaviorSubject([{ ...staffRow(ids.ann, 'Ann', '4711'), ...part }]),
    store$: new BehaviorSubject({ ...storeRow(), rights }),
    waits: createWaits(clock),
    clock,
  });

test('a clock turned back reopens no hours; one turned ahead counts until the next signed time', async () => {
  const clock = new ManualClock();
  const time = await createTrustedTime({ clock, notes: new FakeData(), logger: silentLogger });
  const now = clock.now();
  time.contact({ lastContactAt: now, skewMs: 0, timeChecks: 1 });
  const weekly = [
    { days: [1], from: '08:00', until: '10:00' },
    { days: [1], from: '14:00', until: '15:00' },
  ];
  const rights = rightsOf([{ group: 'Perfume', schedule: { weekly, exceptions: [] } }]);
  const judge = judgeWith(rights, { roles: ['associate'] }, time.clock);
  const refusal = (): string | undefined => judge.refusal(ids.ann, 'open', 'Perfume')?.code;
  expect(refusal()).toBeUndefined();
  await clock.advance(2 * hour);
  expect(refusal()).toBe('rights.outside_hours');
  clock.jump(-2 * hour);
  expect(refusal()).toBe('rights.outside_hours');
  clock.jump(5 * hour);
  expect(refusal()).toBeUndefined();
  time.contact({ lastContactAt: clock.now(), skewMs: 3 * hour, timeChecks: 2 });
  expect(refusal()).toBe('rights.outside_hours');
});

test('who was never given roles may do everything that takes none, and so it is where the store has no rights', () => {
  const judge = judgeWith(undefined, {});
  const usual = permissions.filter((act) => !onlyByRole.includes(act));
  expect(judge.permissions(ids.ann)).toEqual(usual);
  for (const act of onlyByRole)
    expect(judge.refusal(ids.ann, act, null)).toMatchObject({ code: 'rights.not_permitted' });
  expect(judge.roles(ids.ann)).toEqual([]);
  expect(usual.map((act) => judge.refusal(ids.ann, act, 'Perfume'))).toEqual(usual.map(() => null));
  expect([judge.absence(ids.ann), judge.needs(ids.ann, 'Perfume', 'pin'), judge.isSet(ids.ann)]).toEqual([
    null,
    null,
    false,
  ]);
});

test('a role says through which assignments of today it is held, the nearest first', () => {
  const assignments = [
    { roles: ['lead', 'auditor'], at: { organisation: ['auditor'], district: ['lead'], store: ['lead'] } },
    { roles: ['manager'], from: '2099-01-01', at: { store: ['manager'] } },
    { roles: ['associate'] },
  ];
  const judge = judgeWith(rightsOf([]), { roles: [], assignments });
  expect(judge.roles(ids.ann)).toEqual([
    { roleId: 'lead', name: null, at: ['store', 'district'] },
    { roleId: 'auditor', name: null, at: ['organisation'] },
    { roleId: 'associate', name: null, at: [] },
  ]);
});

test('a role of the store’s own has its name; a given one, and one that nobody knows, has none', () => {
  const own = { roleId: 'night', name: 'Night shift', permissions: ['open'] };
  const judge = judgeWith(rightsOf([], { roles: [own] }), { roles: ['night', 'lead', 'astronaut'] });
  expect(judge.roles(ids.ann)).toEqual([
    { roleId: 'night', name: 'Night shift', at: [] },
    { roleId: 'lead', name: null, at: [] },
    { roleId: 'astronaut', name: null, at: [] },
  ]);
});

test('times are told by the store’s clock, where it is one', () => {
  const inZone = (timeZone: string): string | undefined =>
    judgeWith({ ...rightsOf([]), timeZone }, {}).timeZone();
  expect(inZone('Asia/Kolkata')).toBe('Asia/Kolkata');
  expect(inZone('Middle-earth/Shire')).toBeUndefined();
  expect(judgeWith(undefined, {}).timeZone()).toBeUndefined();
});

test('who is not on the list is nobody, and may nothing', () => {
  const judge = judgeWith(rightsOf([]), {});
  const nobody = { code: 'staff.not_signed_in', params: {} };
  expect(judge.refusal(ids.bob, 'open', 'Perfume')).toEqual(nobody);
  expect(judge.absence(ids.bob)).toEqual(nobody);
  expect(judge.permissions(ids.bob)).toEqual([]);
});

test('rights that are no rights at all refuse every opening, and leave who is who alone', () => {
  const judge = judgeWith('everybody', { roles: ['lead'] });
  expect(judge.refusal(ids.ann, 'open', 'Perfume')).toMatchObject({ code: 'rights.not_understood' });
  expect(judge.refusal(ids.ann, 'identify', null)).toBeNull();
  expect(judge.absence(ids.ann)).toBeNull();
});

test('of several assignments, what somebody sees is of those that hold on the day, by the store’s midnight', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 5, 9));
  const night = [{ days: [1, 2, 3], from: '00:00', until: '24:00' }];
  const rights = rightsOf([
    { group: 'Spirits', roles: ['manager'], schedule: { weekly: night, exceptions: [] } },
  ]);
  const assignments = [
    { roles: ['associate'] },
    { roles: ['manager'], from: '2026-01-06', until: '2026-01-06' },
    { roles: ['auditor'], until: '2026-01-05' },
  ];
  const judge = judgeWith(rights, { roles: [], assignments }, clock);
  let changes = 0;
  judge.changed$.subscribe(() => (changes += 1));
  const seen = () => ({
    roles: judge.roles(ids.ann).map(({ roleId }) => roleId),
    may: (['open', 'read_activity', 'export', 'enrol'] as const).filter((act) =>
      judge.permissions(ids.ann).includes(act),
    ),
    spirits: judge.refusal(ids.ann, 'open', 'Spirits')?.code ?? null,
    absence: judge.absence(ids.ann),
  });
  const plain = { spirits: 'rights.not_permitted', absence: null };
  expect(seen()).toEqual({
    ...plain,
    roles: ['associate', 'auditor'],
    may: ['open', 'read_activity', 'export'],
  });
  const before = changes;
  await clock.advance(15 * hour);
  expect(changes).toBeGreaterThan(before);
  expect(seen()).toEqual({
    roles: ['associate', 'manager'],
    spirits: null,
    absence: null,
    may: ['open', 'read_activity', 'export', 'enrol'],
  });
  await clock.advance(24 * hour);
  expect(seen()).toMatchObject({ roles: ['associate'], may: ['open'] });
  expect(judge.refusal(ids.ann, 'open', 'Spirits')?.code).toBe('rights.not_permitted');
});
