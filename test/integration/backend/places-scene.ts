/** What the tests of places find, and what they do to it. */
import { expect } from 'vitest';
import { placeAnswerSchema, placesAnswerSchema } from '#backend/admin/places.ts';
import { createPlaceMend } from '#backend/places/mend-places.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { someSerial } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';
import { eventually } from './world.ts';

export const naming = { name: 'Spirits cabinet 2', group: 'Spirits' };

export const spare = (serialNumber: string, group = 'Spirits') => ({
  name: serialNumber,
  group,
  place: null,
});

export const placesTest = lockTest.extend(
  'scene',
  { auto: true },
  async ({ world, db, storeId, kiosk, serialNumber: old }) => {
    const rename = (serialNumber: string, to: object = naming) =>
      world.admin('PUT', `/stores/${storeId}/locks/${serialNumber}`, to);
    const addLock = async (): Promise<string> => {
      const serialNumber = someSerial();
      await kiosk.pushOne(kiosk.capture(serialNumber));
      await eventually(async () =>
        expect((await kiosk.pullAll('keyCertificates')).map((key) => key['serialNumber'])).toContain(
          serialNumber,
        ),
      );
      return serialNumber;
    };
    const lockOf = async (serialNumber: string) =>
      (await kiosk.pullAll('locks')).find((lock) => lock['serialNumber'] === serialNumber);
    const placeOf = async (serialNumber: string): Promise<string> =>
      String((await lockOf(serialNumber))?.['place']);
    const history = async (of = placeId) =>
      placeAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/places/${of}`)).body);
    const places = async () =>
      placesAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/places`)).body).places;
    const replaced = (
      serialNumber: string,
      by: string,
      at: number,
      by1: JournalWriter = journal,
      place = placeId,
    ) =>
      by1.one({
        ...{ kind: 'lock_replaced', serialNumber, at, attemptId: null, stageMs: {}, place },
        replacement: { by, was: { name: 'Cabinet 1', group: '' }, naming },
      });
    const tell = async (event: unknown, from = kiosk): Promise<void> => {
      expect(await from.push('accessEvents', [event])).toMatchObject([{ status: 'accepted' }]);
    };
    const mend = () =>
      createPlaceMend({
        db,
        tenantId: world.config.tenantId,
        logger: silentLogger,
        now: () => Date.now(),
      }).run();
    const givenBack = (serialNumber: string, at: number) =>
      journal.one({ kind: 'lock_released', serialNumber, attemptId: null, offline: false, stageMs: {}, at });
    const orderBack = async (serialNumber: string): Promise<void> => {
      await world.admin('POST', `/stores/${storeId}/locks/${serialNumber}/release`);
      await eventually(async () =>
        expect(await kiosk.pullAll('trust')).toMatchObject([{}, { serialNumber }]),
      );
    };
    const journal = createJournalWriter(kiosk);
    await rename(old);
    const placeId = await placeOf(old);
    return {
      mend,
      addLock,
      tell,
      replaced,
      lockOf,
      placeId,
      journal,
      history,
      rename,
      placeOf,
      places,
      orderBack,
      givenBack,
    };
  },
);
