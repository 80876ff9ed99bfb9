/** The main job from beginning to end, each step a thing that has to be true. */
import { z } from 'zod';
import { connectKiosk, type KioskClient } from '#support/kiosk-client.ts';
import { simulatedPin, simulatedStaff, storeId } from '#support/simulated-store/seed.ts';
import type { SimulatedStore } from '#support/simulated-store/store.ts';
import { inventory } from '#simulators/store/inventory.ts';
import { duressStory, placesStory } from './smoke-places.ts';
import { rightsStory } from './smoke-rights.ts';
import { expect, type StoryStep } from './story-step.ts';

const eventsAnswer = z.looseObject({ events: z.array(z.looseObject({ kind: z.string() })) });

/** The steps in their order; `store` must have been started just now, from nothing, with a kiosk that registers itself. */
export const smokeStory = (store: SimulatedStore): readonly StoryStep[] => {
  let page: KioskClient;
  const ours = inventory.filter((lock) => lock.belongs === 'ours');
  const near = ours.filter((lock) => lock.distance < 15);
  const fresh = inventory.filter((lock) => lock.belongs === 'new').slice(0, 2);
  const [firstNew] = fresh;
  const [nearest] = near;
  if (!firstNew || !nearest) throw new Error('the inventory has no lock to try');
  let unlocked = 0;
  const places = placesStory({ store, page: () => page });

  const connect = async (): Promise<void> => {
    page = await connectKiosk(store.kioskUrl());
  };
  const signIn = async (): Promise<void> => {
    await page.until('kiosk', 'staff have arrived', (view) => view.staff.length > 0);
    await page.call('signIn', { staffId: simulatedStaff[0].staffId, pin: simulatedPin });
  };
  const unlock = async (serialNumber: string): Promise<void> => {
    const end = await page.call('unlock', { serialNumber });
    expect(end.kind === 'open', `the lock did not open: ${JSON.stringify(end)}`);
    unlocked += 1;
  };
  const connection = async (state: 'online' | 'offline'): Promise<void> => {
    await store.act({ type: 'network', to: state === 'online' ? 'up' : 'cut' });
    await page.until('health', `the kiosk is ${state}`, (view) => view.connection.state === state);
  };
  const states = async (what: string, wanted: readonly string[], withinMs?: number): Promise<void> => {
    await page.until(
      'enrolments',
      what,
      (view) =>
        fresh.every((lock) =>
          view.enrolments.some((it) => it.serialNumber === lock.serialNumber && wanted.includes(it.state)),
        ),
      withinMs,
    );
  };

  return [
    {
      name: 'the kiosk registers with its one-time code',
      run: async () => {
        await connect();
        await page.until(
          'kiosk',
          'the kiosk is ready',
          (view) => view.phase === 'ready' && view.storeName !== null,
        );
      },
    },
    {
      name: 'first sync: the store’s locks and their keys arrive',
      run: async () => {
        await page.until(
          'locks',
          'every lock of the store opens offline',
          (view) =>
            view.locks.length === ours.length && view.locks.every((lock) => lock.opensOfflineUntil !== null),
        );
      },
    },
    { name: 'a person signs in', run: signIn },
    { name: 'the network is cut', run: () => connection('offline') },
    {
      name: 'locks nearby are discovered, ours and new ones',
      run: async () => {
        await page.until('locks', 'the near locks are seen', (view) =>
          near.every((lock) =>
            view.locks.some((it) => it.serialNumber === lock.serialNumber && it.proximity !== null),
          ),
        );
        await page.until('newLocks', 'the new locks are seen', (view) =>
          fresh.every((lock) => view.locks.some((it) => it.serialNumber === lock.serialNumber)),
        );
      },
    },
    {
      name: 'two enrolments are captured offline',
      run: async () => {
        for (const lock of fresh) {
          await page.call('captureEnrolment', {
            serialNumber: lock.serialNumber,
            name: lock.name,
            group: lock.group,
          });
        }
        await states('both are captured', ['captured']);
      },
    },
    places.begin,
    { name: 'a lock opens offline', run: () => unlock(nearest.serialNumber) },
    {
      name: 'the lock says that it is locked again',
      run: async () => {
        await page.until('attempt', 'its bolt is locked', (view) => view.attempt?.bolt === 'locked');
      },
    },
    {
      name: 'kill -9 of the core, and restart: the queue is still there',
      run: async () => {
        await store.killKiosk();
        page.close();
        await store.startKiosk();
        await connect();
        await states('both are still captured', ['captured']);
        await signIn();
      },
    },
    { name: 'the network is back', run: () => connection('online') },
    {
      name: 'keys arrive and both locks are provisioned',
      run: () => states('both are provisioned', ['provisioned'], 30_000),
    },
    places.end,
    { name: 'a new lock opens online', run: () => unlock(firstNew.serialNumber) },
    {
      name: 'a new lock opens offline',
      run: async () => {
        await connection('offline');
        await unlock(firstNew.serialNumber);
        await connection('online');
      },
    },
    ...rightsStory({
      store,
      page: () => page,
      connection,
      onUnlocked: (count) => {
        unlocked += count;
      },
    }),
    duressStory({ store, page: () => page }, unlock, firstNew.serialNumber),
    {
      name: 'the journal arrives at the backend',
      run: async () => {
        await page.call('syncNow', null);
        await page.until('health', 'nothing waits', (view) => view.connection.waiting === 0);
        const { events } = eventsAnswer.parse(await store.admin.get(`/stores/${storeId}/events`));
        const arrived = events.filter((event) => event.kind === 'unlocked').length;
        expect(arrived === unlocked, `${arrived} of ${unlocked} unlocks are in the backend's journal`);
      },
    },
    {
      name: 'the vendor registered each lock once',
      run: async () => {
        const serials = await store.vendorRegistrations();
        expect(new Set(serials).size === serials.length, 'a serial number was registered twice');
        expect(
          fresh.every((lock) => serials.includes(lock.serialNumber)),
          'an enrolled lock was not registered',
        );
        page.close();
      },
    },
  ];
};
