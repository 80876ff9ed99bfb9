/** What a test finds of which each has a backend that can be restored, and a store of its own. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { postgresTest } from '../backend/postgres-test.ts';
import { createRestorableWorld, openKioskAt, type KioskAtBackend } from './kiosk-at-backend.ts';

const people = new Map<string, string>();
const journals = z.object({
  kiosks: z.array(z.object({ kioskId: z.string(), journal: z.looseObject({ events: z.number() }) })),
});
const verdicts = z.object({ events: z.array(z.looseObject({ verdict: z.string() })) });

/** As `postgresTest`; a backend on it that can be put back to what it was, with one store. */
export const restorableTest = postgresTest
  .extend('world', async ({ postgres }, { onCleanup }) => {
    const world = await createRestorableWorld(postgres.url);
    onCleanup(() => world.dispose());
    return world;
  })
  .extend('storeId', ({ world }) => world.makeStore())
  .extend('hire', ({ world, storeId }) => async (name: string): Promise<void> => {
    const staffId = people.get(name) ?? randomUUID();
    people.set(name, staffId);
    await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name, pin: '583920' });
  })
  .extend(
    'dismiss',
    ({ world, storeId }) =>
      (name: string) =>
        world.admin('DELETE', `/stores/${storeId}/staff/${people.get(name) ?? ''}`),
  )
  .extend(
    'makeKiosk',
    ({ world, storeId }) =>
      async (): Promise<KioskAtBackend> =>
        openKioskAt(world, await world.makeKiosk(storeId)),
  )
  .extend('journalOf', ({ world, storeId }) => async ({ kiosk }: KioskAtBackend) => {
    const { body } = await world.admin('GET', `/stores/${storeId}/kiosks`);
    return journals.parse(body).kiosks.find(({ kioskId }) => kioskId === kiosk.kioskId)?.journal;
  })
  .extend(
    'verdictsNow',
    ({ world, storeId }) =>
      async () =>
        new Set(
          verdicts
            .parse((await world.admin('GET', `/stores/${storeId}/events`)).body)
            .events.map((e) => e.verdict),
        ),
  );
