/** What tiles, sheets and alarms of locks say at other times: for the list of states. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import type { LockTile, RingEventView } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { inSheet, never, pressIn, type Screen } from './screens-common.ts';
import { placed, spares } from './screens-replacing.ts';
import { inRole, showFirst } from './screens-rights.ts';

const { sceneNow, serialOf } = scene;
const minute = 60_000;
type Alarms = LockTile['alarms'];
const alarm = (kind: Alarms[number]['kind'], acknowledged = false): Alarms => [
  { kind, since: sceneNow - 5 * minute, acknowledged },
];
const refusedBy = (code: 'lock.busy' | 'lock.not_genuine'): LockTile['refused'] => ({
  at: sceneNow - minute,
  error: { code, params: { serialNumber: serialOf(1) } },
});
const waits = { name: null, opensAt: sceneNow + 160_000, until: sceneNow + 460_000 };

/** One of each that a tile can say, and the usual ones do not. */
const tiles = (): LockTile[] => [
  scene.tile(1, 'Spirits cabinet 1', '', 'unknown'),
  scene.tile(2, 'Spirits cabinet 2', '', 'here', { refused: refusedBy('lock.busy') }),
  scene.tile(3, 'Spirits cabinet 3', '', 'here', { refused: refusedBy('lock.not_genuine') }),
  scene.tile(4, 'Spirits cabinet 4', '', 'here', { toBeReleased: true }),
  scene.tile(5, 'Spirits cabinet 5', '', 'here', {
    obstacle: { code: 'lock.not_provisioned', params: { serialNumber: serialOf(5) } },
  }),
  scene.tile(6, 'Spirits cabinet 6', '', 'here', { wait: { ...waits, over: true } }),
  scene.tile(7, 'Spirits cabinet 7', '', 'here', { alarms: alarm('tampered', true) }),
  scene.tile(8, 'Spirits cabinet 8', '', 'here', { alarms: alarm('battery_low') }),
  scene.tile(9, 'Spirits cabinet 9', '', 'here', { alarms: alarm('opened_unasked') }),
];

const more = async (page: Page, name = 'Spirits cabinet 1'): Promise<void> => {
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('dialog').waitFor();
};

const entry = (
  sequence: number,
  kind: RingEventView['kind'],
  actor: RingEventView['actor'],
): RingEventView => ({
  sequence,
  at: sceneNow - (30 - sequence) * minute,
  kind,
  actor,
});
const nobody = { kind: 'nobody' } as const;

export const lockStates: readonly Screen[] = [
  {
    name: 'counter-empty',
    prepare: (core) => core.show('locks', { locks: [], foreign: [] }),
    reach: (page) => page.getByText('look under New locks').waitFor(),
    states: {
      'for who adds none': async (page, core) => {
        await core.show('kiosk', inRole('associate'));
        await page.getByText('once they are enrolled.', { exact: false }).waitFor();
        await page.getByText('look under New locks').waitFor({ state: 'detached' });
      },
      'none in range': async (page, core) => {
        const away = scene.locks().map((lock): LockTile => ({ ...lock, proximity: null }));
        await core.show('locks', { locks: away, foreign: [] });
        await page.getByText('No lock is in range').waitFor();
      },
    },
  },
  {
    name: 'counter-tiles',
    prepare: (core) => core.show('locks', { locks: tiles(), foreign: [] }),
    reach: (page) => page.getByText('To be removed').waitFor(),
    states: {
      'many out of range': async (page, core) => {
        const away = Array.from({ length: 300 }, (_, at) =>
          scene.tile(20 + at, `Cage ${at + 1}`, 'Stockroom', null),
        );
        await core.show('locks', { locks: [...tiles(), ...away], foreign: [] });
        await page.getByRole('button', { name: /300 locks of this store/ }).click();
        await page.getByRole('button', { name: /^Show \d+ more$/ }).waitFor();
      },
      'nothing found': async (page) => {
        await page.keyboard.type('zz');
        await page.getByText('Nothing matches “zz”.').waitFor();
      },
    },
  },
  {
    name: 'details-states',
    reach: (page) => more(page),
    states: {
      away: (_page, core) =>
        showFirst(core, {
          group: '',
          proximity: null,
          battery: null,
          lastHeard: { at: sceneNow - 200 * minute, battery: 61 },
          opensOfflineUntil: sceneNow - 1_000,
        }),
      'never heard': (_page, core) => showFirst(core, { proximity: null, battery: null }),
      'heard just now': (_page, core) =>
        showFirst(core, { proximity: null, lastHeard: { at: sceneNow, battery: 61 } }),
      'looked at': (_page, core) => showFirst(core, { alarms: alarm('tampered', true) }),
      'not yet theirs': (_page, core) => showFirst(core, { obstacle: { code: 'staff.not_yet', params: {} } }),
      unheard: async (_page, core) => {
        await showFirst(core, { proximity: null });
        await core.show('health', scene.health({ radio: { state: 'no_dongle', since: scene.offlineSince } }));
      },
      gone: (_page, core) => core.show('locks', { locks: scene.locks().slice(1), foreign: [] }),
    },
  },
  {
    name: 'details-calls',
    prepare: (core) => {
      core.answer('identify', never);
      core.answer('readLockRecord', never);
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Make it blink');
      await inSheet(page, 'Asking the lock to blink …');
    },
    states: { 'reading its record': (page) => pressIn(page, 'Read it from the lock') },
  },
  {
    name: 'details-answers',
    prepare: (core) => {
      core.answer('identify', () => ok(null));
      core.answer('readLockRecord', () => ok({ events: [] }));
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Make it blink');
      await inSheet(page, 'It blinks and beeps now.');
      await pressIn(page, 'Read it from the lock');
      await inSheet(page, 'The lock has nothing on record.');
    },
    states: {
      'its record': async (page, core) => {
        core.answer('readLockRecord', () =>
          ok({
            events: [
              entry(9, 'unlocked', { kind: 'staff', name: 'Ada' }),
              entry(8, 'refused', { kind: 'unknown' }),
              entry(7, 'tampered', nobody),
              entry(6, 'power_lost', nobody),
              entry(3, 'released', nobody),
              entry(1, 'provisioned', nobody),
            ],
          }),
        );
        await pressIn(page, 'Read it from the lock');
        await inSheet(page, /^Newest first/);
      },
    },
  },
  {
    name: 'release-states',
    prepare: async (core) => {
      await showFirst(core, { toBeReleased: true });
      core.answer('releaseLock', never);
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Remove from this store');
      await pressIn(page, 'Yes, remove it');
      await inSheet(page, 'The lock gives up its key …');
    },
  },
  {
    name: 'release-done',
    prepare: async (core) => {
      await showFirst(core, { toBeReleased: true });
      core.answer('releaseLock', () => ok(null));
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Remove from this store');
      await pressIn(page, 'Yes, remove it');
      await inSheet(page, 'The lock is new now');
    },
  },
  {
    name: 'naming-offline',
    prepare: async (core) => {
      await core.show('health', scene.offline());
      core.answer('renameLock', () => ok(null));
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Rename or regroup');
      await inSheet(page, 'This kiosk shows it at once');
    },
    states: {
      saved: async (page) => {
        await page.getByRole('textbox', { name: 'Name' }).fill('Gin cabinet');
        await pressIn(page, 'Save');
        await inSheet(page, /^Saved here/);
      },
    },
  },
  {
    name: 'replacing-none',
    prepare: async (core) => {
      await core.show('locks', { locks: placed(), spares: [], foreign: [] });
      await core.show('newLocks', { locks: [] });
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Replace this lock');
      await inSheet(page, 'No spare is here and no new lock is heard.');
    },
    states: {
      'by one in no group': async (page, core) => {
        const free = scene.tile(90, 'Lock 90', '', 'here', { place: scene.idOf(590) });
        await core.show('locks', { locks: [...placed(), free], spares: [], foreign: [] });
        await inSheet(page, /in no group, ready/);
      },
    },
  },
  ...([true, false] as const).map((done): Screen => ({
    name: done ? 'replacing-done' : 'replacing-later',
    prepare: async (core) => {
      await core.show('locks', { locks: placed(), spares: spares(), foreign: [] });
      core.answer('replaceLock', () => ok({ done }));
    },
    reach: async (page) => {
      await more(page);
      await pressIn(page, 'Replace this lock');
      await pressIn(page, /…0046/);
      await pressIn(page, 'Replace with …0046');
      await inSheet(page, done ? /is lock …0046 now/ : /is being added/);
    },
  })),
  {
    name: 'alarms-states',
    prepare: async (core) => {
      const { alarms, ...rest } = scene.alarms([
        {
          kind: 'duress',
          since: sceneNow,
          acknowledged: false,
          ofKiosk: true,
          elsewhere: { kioskName: 'Back counter', name: null, at: sceneNow },
        },
        { kind: 'opened_unasked', since: sceneNow, acknowledged: false },
        { kind: 'battery_low', since: sceneNow, acknowledged: false },
        { kind: 'tampered', since: sceneNow, acknowledged: true },
        { kind: 'left_open', since: sceneNow - 3 * 3_600_000, acknowledged: true },
      ]);
      const seen = alarms.map((one) =>
        one.acknowledged ? { ...one, acknowledged: { ...one.acknowledged, name: null } } : one,
      );
      await core.show('alarms', { ...rest, alarms: seen });
    },
    reach: async (page) => {
      await page.getByRole('button', { name: /alarms\. Opens the list\.$/ }).click();
      await page.getByText('a person who is no longer known').first().waitFor();
    },
    states: {
      muted: (page) => page.getByRole('button', { name: /^Mute/ }).click(),
      'of a kiosk that is not known': (_page, core) =>
        core.show(
          'alarms',
          scene.alarms([{ kind: 'duress', since: sceneNow, acknowledged: false, ofKiosk: true }]),
        ),
    },
  },
];
