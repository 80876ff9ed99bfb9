/** What a test of a revoked kiosk finds: what the back office has of it, and a kiosk that had not delivered everything. */
import { expect } from 'vitest';
import { enrolmentsAnswerSchema, eventsAnswerSchema, kiosksAnswerSchema } from '#backend/admin/answers.ts';
import type { EstateKiosk } from './estate-kiosk.ts';
import { estateTest } from './estate-test.ts';
import { eventually, type Lock } from './estate.ts';

/** So much has not been delivered yet. */
export const waiting = (kiosk: EstateKiosk): number => kiosk.view('health').connection.waiting;
/** Resolves when all is delivered. */
export const settled = (kiosk: EstateKiosk) => eventually(() => expect(waiting(kiosk)).toBe(0));

/** As `estateTest`, with what the back office has. */
export const revokedTest = estateTest
  .extend(
    'kiosksOf',
    ({ estate }) =>
      async (storeId: string) =>
        kiosksAnswerSchema.parse(await estate.admin('GET', `/stores/${storeId}/kiosks`)).kiosks,
  )
  .extend(
    'eventsOf',
    ({ estate }) =>
      async (storeId: string) =>
        eventsAnswerSchema.parse(await estate.admin('GET', `/stores/${storeId}/events?limit=1000`)).events,
  )
  .extend(
    'enrolmentsOf',
    ({ estate }) =>
      async (storeId: string) =>
        enrolmentsAnswerSchema.parse(await estate.admin('GET', `/stores/${storeId}/enrolments`)).enrolments,
  )
  /** Three openings and a capture that nobody else knows of; the backend has revoked the kiosk meanwhile. */
  .extend(
    'leaveUndelivered',
    ({ estate, kiosksOf }) =>
      async (kiosk: EstateKiosk, lock: Lock, storeId: string): Promise<Lock> => {
        await settled(kiosk);
        kiosk.network = 'cut';
        for (let count = 0; count < 3; count += 1) {
          expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
        }
        const captured = await estate.makeLock();
        expect((await kiosk.capture(captured)).ok).toBe(true);
        await eventually(() => expect(waiting(kiosk)).toBeGreaterThan(3));
        const [registered] = await kiosksOf(storeId);
        await estate.admin('POST', `/kiosks/${registered?.kioskId ?? ''}/revoke`, {
          reason: 'lost_or_stolen',
        });
        return captured;
      },
  )
  .extend(
    'expectDelivered',
    ({ estate, eventsOf, enrolmentsOf }) =>
      async (storeId: string, captured: Lock): Promise<void> => {
        await eventually(async () => {
          const kinds = (await eventsOf(storeId)).map(({ kind }) => kind);
          expect(kinds.filter((kind) => kind === 'unlocked')).toHaveLength(3);
          expect(kinds.filter((kind) => kind === 'enrolment_captured')).toHaveLength(2);
        });
        expect(new Set((await eventsOf(storeId)).map(({ verdict }) => verdict))).toEqual(
          new Set(['chained']),
        );
        // Sent to no vendor: it waits for a person.
        await eventually(async () => {
          const left = (await enrolmentsOf(storeId)).filter(
            ({ serialNumber }) => serialNumber === captured.identity.serialNumber,
          );
          expect(left).toMatchObject([{ state: 'refused', problem: { code: 'enrolment.kiosk_revoked' } }]);
        });
        expect(estate.registry.registration(captured.identity.serialNumber)).toBeNull();
      },
  );
