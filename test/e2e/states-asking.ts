/** What is asked for before a lock opens says at other times: for the list of states. */
import { ok } from '#shared/errors/app-error.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { inSheet, press, tapFirst, type Screen } from './screens-common.ts';
import { locksHere } from './screens-group.ts';
import {
  both,
  choices,
  delay,
  inRole,
  personOnly,
  refusedBy,
  runs,
  showFirst,
  whoMay,
} from './screens-rights.ts';

const { idOf, sceneNow, serialOf } = scene;

export const askingStates: readonly Screen[] = [
  {
    name: 'asking-number',
    prepare: async (core) => {
      await core.show('kiosk', inRole('associate'));
      await showFirst(core, {
        needs: {
          secondPerson: true,
          reasons: { choices, number: { name: 'Receipt number', required: false } },
        },
      });
      whoMay(core, [1], []);
    },
    reach: async (page) => {
      await tapFirst(page);
      await press(page, 'Return');
      await inSheet(page, 'or leave it empty');
    },
    states: {
      'a lock’s label': async (page) => {
        await scan(page, serialOf(2));
        await inSheet(page, 'That is the label of Spirits cabinet 2.');
      },
      'too long': async (page) => {
        await scan(page, '1234567890'.repeat(5));
        await inSheet(page, 'No number was read.');
      },
      'nobody may confirm': async (page) => {
        await scan(page, '2026030400017');
        await inSheet(page, 'Nobody else here may confirm it now.');
      },
    },
  },
  {
    name: 'asking-somebody',
    prepare: async (core) => {
      await core.show('kiosk', { ...inRole('associate'), takesBadges: true });
      await showFirst(core, { needs: personOnly });
      whoMay(core, [1], [2]);
    },
    reach: async (page) => {
      await tapFirst(page);
      await inSheet(page, 'or holds their badge to the reader');
    },
    states: {
      'who is paused': (_page, core) => {
        const staff = inRole('associate').staff.map((one) => ({ ...one, lockedUntil: sceneNow + 90_000 }));
        return core.alter('kiosk', { staff });
      },
    },
  },
  {
    name: 'asking-for-a-group',
    prepare: async (core) => {
      await core.show('kiosk', inRole('lead'));
      await core.show('locks', { locks: locksHere().map((lock) => ({ ...lock, needs: both })), foreign: [] });
      whoMay(core, [1], [2, 3]);
    },
    reach: async (page) => {
      await press(page, /^Spirits$/);
      await press(page, 'Open all 4 nearby …');
      await press(page, /^Open 4$/);
      await press(page, 'Return');
      await inSheet(page, /asks to open 4 locks of Spirits/);
    },
  },
  {
    name: 'delay-of-nobody',
    prepare: (core) => showFirst(core, { needs: delay, wait: { ...runs, name: null } }),
    reach: async (page) => {
      await tapFirst(page);
      await inSheet(page, 'It has been asked for.');
    },
  },
  {
    name: 'refused-many-may',
    prepare: async (core) => {
      const staff = Array.from({ length: 12 }, (_, at) => ({
        staffId: idOf(at + 1),
        name: `Person ${at + 1} Martin`,
        lockedUntil: null,
      }));
      await core.show('kiosk', scene.signedIn({ staff }));
      await showFirst(core, refusedBy('rights.not_permitted'));
      core.answer('whoMay', () =>
        ok({ open: staff.map(({ staffId, name }) => ({ staffId, name })), approve: [] }),
      );
    },
    reach: async (page) => {
      await tapFirst(page);
      await inSheet(page, /5 others/);
    },
  },
];
