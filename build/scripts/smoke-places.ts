/** Of the smoke story, a lock that takes another's place, and somebody who is forced. */
import { alarmsAnswerSchema } from '#backend/admin/open-alarms.ts';
import { placeAnswerSchema, placesAnswerSchema } from '#backend/admin/places.ts';
import type { KioskClient } from '#support/kiosk-client.ts';
import { simulatedPolicy, simulatedStaff, storeId } from '#support/simulated-store/seed.ts';
import type { SimulatedStore } from '#support/simulated-store/store.ts';
import { inventory } from '#simulators/store/inventory.ts';
import { expect, type StoryStep } from './story-step.ts';

interface PlacesScene {
  readonly store: SimulatedStore;
  readonly page: () => KioskClient;
}

/** `begin` is for a kiosk without a network, `end` for once it has one again and new locks are ready. */
export const placesStory = ({
  store,
  page,
}: PlacesScene): { readonly begin: StoryStep; readonly end: StoryStep } => {
  const [old] = inventory.filter(({ belongs, group }) => belongs === 'ours' && group === 'Electronics');
  const by = inventory.filter(({ belongs }) => belongs === 'new').at(-1);
  if (!old || !by) throw new Error('the inventory has no lock to replace another');
  const { name, group } = old;
  return {
    begin: {
      name: 'a new lock is to take another’s place, captured offline',
      run: async () => {
        const { done } = await page().call('replaceLock', {
          serialNumber: old.serialNumber,
          by: by.serialNumber,
        });
        expect(!done, 'a lock without a key has taken the place');
      },
    },
    end: {
      name: 'it has taken the place, with name and group, and the place’s history reads as one',
      run: async () => {
        await page().until(
          'locks',
          'the new lock is in the place, and the old one is not',
          ({ locks }) =>
            locks.some(
              (it) => it.serialNumber === by.serialNumber && it.name === name && it.group === group,
            ) && locks.every(({ serialNumber }) => serialNumber !== old.serialNumber),
          30_000,
        );
        await page().call('syncNow', null);
        await page().until('health', 'nothing waits', ({ connection: { waiting } }) => waiting === 0);
        const { places } = placesAnswerSchema.parse(await store.admin.get(`/stores/${storeId}/places`));
        const place = places.find((one) => one.name === name && one.group === group);
        const { locks } = placeAnswerSchema.parse(
          await store.admin.get(`/stores/${storeId}/places/${place?.placeId}`),
        );
        const serials = locks.map(({ serialNumber }) => serialNumber);
        expect(
          JSON.stringify(serials) === JSON.stringify([by.serialNumber, old.serialNumber]),
          `the place has had ${serials.join(', ')}`,
        );
      },
    },
  };
};

const duressPin = '930274';

/** For a kiosk that has a network, at which nobody is signed in. */
export const duressStory = (
  { store, page }: PlacesScene,
  open: (serialNumber: string) => Promise<void>,
  serialNumber: string,
): StoryStep => ({
  name: 'whoever is forced opens as ever: the back office hears of it, and nothing at the kiosk says so',
  run: async () => {
    const [, { staffId, name }] = simulatedStaff;
    const policy = { ...simulatedPolicy, duressPin: true };
    await store.admin.send('PUT', `/stores/${storeId}`, { name: 'Harbour Street', policy });
    await store.admin.send('PUT', `/stores/${storeId}/staff/${staffId}`, { name, duressPin });
    await page().call('syncNow', null);
    await page().call('signIn', { staffId, pin: duressPin });
    await open(serialNumber);
    await page().call('syncNow', null);
    await page().until('health', 'nothing waits', ({ connection: { waiting } }) => waiting === 0);
    const told = alarmsAnswerSchema.parse(await store.admin.get(`/stores/${storeId}/alarms`)).alarms;
    expect(
      told.some(({ kind, duress }) => kind === 'duress' && duress?.staffId === staffId),
      'the back office has not heard of it',
    );
    await page().until('alarms', 'nothing tells', ({ alarms }) =>
      alarms.every(({ kind }) => kind !== 'duress'),
    );
    await page().call('signOut', null);
  },
});
