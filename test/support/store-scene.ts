/** A store as its kiosk shows it on an ordinary afternoon: views for tests of the page. */
import { ok } from '#shared/errors/app-error.ts';
import type { BatteryItem, BatteryList } from '#shared/batteries/battery-list.ts';
import type { StreamSnapshot } from '#shared/ipc/contract.ts';
import type { EnrolmentsView } from '#shared/ipc/enrolment-view.ts';
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { AlarmsView, KioskView, LockTile } from '#shared/ipc/views.ts';
import { alarmTraits } from '#shared/models/alarm.ts';
import type { SignedRoundsView } from '#shared/models/signed-round.ts';
import { permissions } from '#shared/rights/model.ts';
import type { FakeCore } from './fake-core.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** An afternoon in local time, so that pictures look the same wherever they are taken. */
export const sceneNow = new Date(2026, 2, 4, 14, 30).getTime();

export const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const serialOf = (n: number): string => `0000051a${n.toString(16).padStart(8, '0')}`;

export const staff = ['Maya Lindqvist', 'Tom Okafor', 'Priya Raman', 'Jonas Weber'].map((name, at) => ({
  staffId: idOf(at + 1),
  name,
  lockedUntil: null,
}));

type TileAlarm = LockTile['alarms'][number];
type Session = NonNullable<KioskView['session']>;
type Member = KioskView['staff'][number];

/** What a test says of the kiosk: people without a number and without roles where it says nothing of them. */
export interface KioskScene extends Partial<Omit<KioskView, 'session' | 'staff'>> {
  readonly session?: (Omit<Session, 'permissions' | 'roles'> & Partial<Session>) | null;
  readonly staff?: readonly (Omit<Member, 'employeeNumber'> & Partial<Member>)[];
}

export const kiosk = ({ session = null, staff: people = staff, ...rest }: KioskScene = {}): KioskView => ({
  phase: 'ready',
  kioskName: 'Front counter',
  storeName: 'Northgate',
  session: session && { permissions: [...permissions], roles: [], ...session },
  idledOut: null,
  staff: people.map((person) => ({ employeeNumber: null, ...person })),
  notice: null,
  obstacle: null,
  revokedFor: null,
  seesHealth: true,
  now: sceneNow,
  ...rest,
});

export const signedIn = (rest: KioskScene = {}): KioskView =>
  kiosk({ session: { staffId: idOf(1), name: 'Maya Lindqvist', idleAt: sceneNow + 10 * minute }, ...rest });

export const tile = (
  n: number,
  name: string,
  group: string,
  proximity: LockTile['proximity'],
  rest: Partial<LockTile> = {},
): LockTile => ({
  serialNumber: serialOf(n),
  name,
  group,
  proximity,
  battery: proximity === null ? null : 84,
  batteryLow: false,
  boltOpen: proximity === null ? null : false,
  alarms: [],
  unknownSince: null,
  refused: null,
  obstacle: null,
  needs: null,
  opensOfflineUntil: sceneNow + 9 * day,
  lastHeard: null,
  toBeReleased: false,
  ...rest,
});

export const locks = (): LockTile[] => [
  tile(1, 'Spirits cabinet 1', 'Spirits', 'here'),
  tile(2, 'Spirits cabinet 2', 'Spirits', 'here'),
  tile(3, 'Razor wall, left', 'Razors', 'here'),
  tile(4, 'Razor wall, right', 'Razors', 'near', { battery: 9, batteryLow: true }),
  tile(5, 'Perfume counter drawer', 'Perfume', 'near', { boltOpen: true }),
  tile(6, 'Perfume display, window side', 'Perfume', 'near'),
  tile(7, 'Headphone hooks 1–12', 'Electronics', 'near'),
  tile(8, 'Game consoles', 'Electronics', 'far'),
  tile(9, 'Memory cards', 'Electronics', 'far', {
    obstacle: { code: 'lock.no_key', params: { serialNumber: serialOf(9) } },
    opensOfflineUntil: null,
  }),
  tile(10, 'Baby formula', 'Health', 'far'),
  ...Array.from({ length: 23 }, (_, at) => tile(20 + at, `Stockroom cage ${at + 1}`, 'Stockroom', null)),
];

export const health = (rest: Partial<HealthView> = {}): HealthView => ({
  radio: { state: 'ready', since: sceneNow - 6 * 60 * minute },
  connection: {
    state: 'online',
    since: sceneNow - 5 * 60 * minute,
    waiting: 0,
    lastContactAt: sceneNow - minute,
    pulling: null,
    invalidRows: 0,
  },
  certificates: { state: 'valid', since: sceneNow - 2 * day, validUntil: new Date(2026, 5, 4).getTime() },
  lease: { state: 'valid', since: sceneNow - minute, until: sceneNow + 7 * day },
  time: { state: 'checked', since: sceneNow - minute, skewMs: 40 },
  vault: { state: 'ready', since: sceneNow - 6 * 60 * minute },
  data: { state: 'whole', since: sceneNow - 6 * 60 * minute },
  ...rest,
});

export interface AlarmScene extends TileAlarm {
  /** It is about no lock. */
  readonly ofKiosk?: true;
  readonly elsewhere?: AlarmsView['alarms'][number]['elsewhere'];
}
/** Of the first locks, one each; what is acknowledged was by Tom Okafor, a minute ago. */
export const alarms = (given: readonly AlarmScene[]): AlarmsView => {
  const waiting = given.filter(({ acknowledged }) => !acknowledged);
  const newestOf = (some: readonly AlarmScene[]): number | null =>
    some.length === 0 ? null : Math.max(...some.map(({ since }) => since));
  const grave = waiting.filter(({ kind }) => alarmTraits[kind].grave);
  const places = locks();
  return {
    count: waiting.length,
    grave: grave.length,
    newestAt: newestOf(waiting),
    newestGraveAt: newestOf(grave),
    alarms: given.map(({ kind, since, acknowledged, ofKiosk, elsewhere }, at) => {
      const { serialNumber, name, group } = places[at] ?? tile(at, '', '', 'here');
      return {
        kind,
        since,
        ...(elsewhere ? { elsewhere } : {}),
        lock: ofKiosk ? null : { serialNumber, name, group },
        acknowledged: acknowledged ? { at: sceneNow - minute, name: 'Tom Okafor' } : null,
      };
    }),
  };
};

export const offlineSince = sceneNow - 25 * minute;
export const offline = (): HealthView => {
  const online = health();
  return {
    ...online,
    connection: { ...online.connection, state: 'offline', since: offlineSince, waiting: 3 },
  };
};

export const newLocks = (): StreamSnapshot<'newLocks'> => ({
  locks: [
    { serialNumber: serialOf(0xa1), proximity: 'here', battery: 100, enrolment: null },
    { serialNumber: serialOf(0xa2), proximity: 'near', battery: 98, enrolment: null },
    { serialNumber: serialOf(0xa3), proximity: 'near', battery: 99, enrolment: 'captured' },
  ],
});

const enrolment = (
  n: number,
  name: string,
  state: EnrolmentsView['enrolments'][number]['state'],
  rest: Partial<EnrolmentsView['enrolments'][number]> = {},
): EnrolmentsView['enrolments'][number] => ({
  enrolmentId: idOf(100 + n),
  serialNumber: serialOf(0xa0 + n),
  name,
  group: 'Razors',
  state,
  problem: null,
  unproven: false,
  capturedAt: sceneNow - n * 3 * minute,
  changedAt: sceneNow - n * 2 * minute,
  near: true,
  action: null,
  ...rest,
});

/** What a kiosk that was revoked had begun: sent to a backend that has lost it since, and read only. */
const leftBehind = (): EnrolmentsView['enrolments'] => {
  const problem = { code: 'enrolment.kiosk_revoked', params: { serialNumber: serialOf(0xa7) } } as const;
  const sent = { ...problem, params: { ...problem.params, reason: 'had_been_sent' } };
  const waits = { action: 'retry', unproven: true } as const;
  return [
    enrolment(7, 'Drill case 2', 'uncertain', { ...waits, problem: sent }),
    enrolment(8, 'Drill case 1', 'refused', { ...waits, problem }),
  ];
};

export const enrolments = (): EnrolmentsView => ({
  groups: ['Electronics', 'Perfume', 'Razors', 'Spirits'],
  enrolments: [
    enrolment(3, 'Razor hook 14', 'captured', { action: 'abandon' }),
    enrolment(4, 'Razor hook 13', 'submitted'),
    enrolment(5, 'Razor hook 12', 'registered', { action: 'provision' }),
    enrolment(6, 'Razor hook 11', 'uncertain', {
      action: 'retry',
      problem: { code: 'enrolment.already_registered', params: { serialNumber: serialOf(0xa6) } },
    }),
    ...leftBehind(),
    enrolment(400, 'Razor hook 10', 'provisioned'),
  ],
});

/** What a kiosk shows before a screen prepares what it needs: somebody is signed in, and the store is as usual. */
export const showUsual = async (core: FakeCore): Promise<void> => {
  await core.show('kiosk', signedIn());
  await core.show('locks', {
    locks: locks(),
    foreign: [{ serialNumber: serialOf(0xff), proximity: 'far' }],
  });
  await core.show('alarms', alarms([]));
  await core.show('newLocks', newLocks());
  await core.show('attempt', { attempt: null });
  await core.show('enrolments', enrolments());
  await core.show('health', health());
  core.answer('readSignedRounds', () => ok(signedRounds()));
};

/** What was signed at this kiosk before: a closing check of the night before, and no battery round yet. */
export const signedRounds = (rest: Partial<SignedRoundsView> = {}): SignedRoundsView => ({
  sweeps: [sweepSigned(17 * 60 * minute, 'Mara Lind')],
  batteries: [],
  ...rest,
});
/** A closing check that was signed so long ago. */
export const sweepSigned = (ago: number, name: string | null): SignedRoundsView['sweeps'][number] => ({
  ...{ at: sceneNow - ago, name, heardLocked: 8, seenLocked: 2, notLocked: 2, heardOpen: 1 },
});

const battery = (n: number, name: string, group: string, rest: Partial<BatteryItem>): BatteryItem => ({
  ...{ serialNumber: serialOf(n), name, group, percent: 60, heardAt: sceneNow - 5 * minute, low: false },
  ...{ days: null, ...rest },
});
/** What is to be changed this week. */
export const batteries = (): BatteryList => ({
  change: [
    battery(4, 'Razor wall, right', 'Razors', { percent: 9, low: true }),
    battery(6, 'Perfume drawer', 'Perfume', { percent: 17 }),
    battery(1, 'Spirits cabinet 1', 'Spirits', { percent: 24, days: 4 }),
  ],
  silent: [
    battery(9, 'Stock room, cage', '', { percent: 41, heardAt: sceneNow - 9 * day }),
    battery(2, 'Spirits cabinet 2', 'Spirits', { percent: null, heardAt: sceneNow - 8 * day }),
  ],
  ...{ later: 26, few: 2, never: 1 },
});
