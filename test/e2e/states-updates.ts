/** What is said of an update that waits, and of rounds that were signed before, at other times: for the list of states. */
import { ok } from '#shared/errors/app-error.ts';
import * as scene from '#support/store-scene.ts';
import { heading, inSheet, never, press, pressIn, type Screen } from './screens-common.ts';
import { offer, openBell, showsInHealth, waitsUrgently } from './screens-updates.ts';

export const updateStates: readonly Screen[] = [
  {
    name: 'update-urgent',
    prepare: (core) => core.show('kiosk', scene.signedIn({ update: { offer: { ...offer, urgent: true } } })),
    reach: async (page) => {
      await openBell(page);
      await page.getByText('It is urgent:').waitFor();
    },
  },
  {
    name: 'health-update-urgent',
    prepare: (core) => core.show('health', scene.health({ updates: waitsUrgently })),
    reach: (page) => showsInHealth(page, 'Version 0.3.1 is urgent'),
  },
  {
    name: 'update-noted',
    prepare: (core) => core.show('kiosk', scene.signedIn({ update: { offer: { ...offer, tonight: true } } })),
    reach: async (page) => {
      await page.getByRole('button', { name: /Opens the list/ }).click();
      await page.getByText('Noted: it waits for its time.').waitFor();
    },
  },
  {
    name: 'update-now-with-drafts',
    prepare: async (core) => {
      await core.show('kiosk', scene.signedIn({ update: { offer } }));
      core.answer('chooseUpdate', never);
    },
    reach: async (page) => {
      await press(page, '2 new locks');
      await press(page, 'Tick all');
      await press(page, 'Back');
      await openBell(page);
      await page.getByRole('button', { name: 'Now', exact: true }).click();
      await inSheet(page, 'have to be ticked again afterwards');
    },
    states: {
      'is looked at': async (page) => {
        await pressIn(page, 'Install now');
        await inSheet(page, 'Looking whether the kiosk is free …');
      },
    },
  },
  {
    name: 'sweep-signed-at-no-time',
    prepare: (core) => {
      const sweeps = [{ ...scene.sweepSigned(0, null), at: null }];
      core.answer('readSignedRounds', () => ok(scene.signedRounds({ sweeps })));
    },
    reach: async (page) => {
      await press(page, 'Rounds');
      await heading(page, 'Closing check');
      await page.getByText(/time not known/).waitFor();
    },
  },
  {
    name: 'sweep-signed-often',
    prepare: (core) => {
      const sweeps = [1, 2, 3, 4, 5, 6, 7].map((hours) => scene.sweepSigned(hours * 3_600_000, 'Mara Lind'));
      core.answer('readSignedRounds', () => ok(scene.signedRounds({ sweeps })));
    },
    reach: async (page) => {
      await press(page, 'Rounds');
      await heading(page, 'Closing check');
      await page.getByText('And 2 earlier').waitFor();
    },
  },
];
