/** Of the smoke story, who may open what: set at the backend, obeyed without it, and told to it afterwards. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { eventsAnswerSchema } from '#backend/admin/answers.ts';
import { accessEventSchema } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import { CallFailed, type KioskClient } from '#support/kiosk-client.ts';
import { simulatedPin, simulatedStaff, storeId } from '#support/simulated-store/seed.ts';
import type { SimulatedStore } from '#support/simulated-store/store.ts';
import { inventory } from '#simulators/store/inventory.ts';
import { expect, type StoryStep } from './story-step.ts';

export interface RightsScene {
  readonly store: SimulatedStore;
  readonly page: () => KioskClient;
  readonly connection: (state: 'online' | 'offline') => Promise<void>;
  /** So many more were unlocked. */
  readonly onUnlocked: (count: number) => void;
}

const [lead, manager] = simulatedStaff;
const associate = { staffId: '5aff0000-0000-4000-8000-000000000003', name: 'Saturday help', pin: '693158' };
const guarded = inventory.filter(({ group, belongs }) => belongs === 'ours' && group === 'Watches');
const closed = inventory.filter(({ group, belongs }) => belongs === 'ours' && group === 'Beauty');
const reason = { code: 'sale', number: '4711-12' };
const openingInDays = 30;
const badge = '04A1B2C3D4';

const asRecorded = z.object(accessEventSchema.shape);
const eventsAnswer = z.looseObject({ events: z.array(z.looseObject({ kind: z.string() })) });

/** The code and the values of the error with which it fails; null: it does not. */
const failure = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof CallFailed) return { code: error.error.code, params: error.error.params };
    throw error;
  }
};

/** In a zone that never changes its clock, so that the next time is known without asking who is tried here. */
const openingDay = new Date(Date.now() + openingInDays * 86_400_000).toISOString().slice(0, 10);
const opensAt = Date.parse(`${openingDay}T09:00+05:30`);
const rights = {
  timeZone: 'Asia/Kolkata',
  rules: [
    {
      group: 'Watches',
      twoPeople: true,
      reasons: { choices: [{ code: 'sale', name: 'Sale' }], number: { name: 'Receipt', required: true } },
    },
    {
      group: 'Beauty',
      schedule: {
        weekly: [],
        exceptions: [{ date: openingDay, windows: [{ from: '09:00', until: '18:00' }] }],
      },
    },
  ],
};

export const rightsStory = ({ store, page, connection, onUnlocked }: RightsScene): readonly StoryStep[] => {
  const serialNumbers = guarded.map(({ serialNumber }) => serialNumber);
  const [shut] = closed;
  if (serialNumbers.length < 2 || !shut) throw new Error('the inventory has no group to try');
  const put = (path: string, body: unknown): Promise<unknown> =>
    store.admin.send('PUT', `/stores/${storeId}${path}`, body);
  const failsWith = async (call: Promise<unknown>, code: string, params: unknown = {}): Promise<void> => {
    const failed = await failure(call);
    expect(isDeepStrictEqual(failed, { code, params }), `not ${code}, but ${JSON.stringify(failed)}`);
  };
  return [
    {
      name: 'roles, two people, a reason and hours are set, and arrive',
      run: async () => {
        await put('/rights', rights);
        await put(`/staff/${lead.staffId}`, { name: lead.name, roles: ['lead'] });
        await put(`/staff/${manager.staffId}`, { name: manager.name, roles: ['manager'] });
        const { staffId, ...person } = associate;
        await put(`/staff/${staffId}`, { ...person, roles: ['associate'] });
        await page().until('locks', 'the tiles say so', ({ locks }) =>
          locks.every(
            ({ group, needs, obstacle }) =>
              (group !== 'Watches' || needs?.secondPerson === true) &&
              (group !== 'Beauty' || obstacle?.code === 'rights.outside_hours'),
          ),
        );
        await page().until(
          'kiosk',
          'people and their roles are there',
          ({ staff, session }) => staff.length === 3 && session?.permissions.includes('enrol') === false,
        );
        await connection('offline');
      },
    },
    {
      name: 'a lead opens a group offline, with a second person and a reason',
      run: async () => {
        const approval = { staffId: manager.staffId, pin: simulatedPin };
        const open = (asked: object): Promise<unknown> =>
          page().call('unlockGroup', { serialNumbers, asked });
        await failsWith(open({ approval }), 'rights.reason_needed');
        await failsWith(open({ reason }), 'rights.second_person_needed');
        await failsWith(
          open({ reason, approval: { ...approval, staffId: lead.staffId } }),
          'rights.same_person',
        );
        await open({ reason, approval });
        await page().until('group', 'each is open', ({ run }) =>
          serialNumbers.every((serial) =>
            run?.locks.some(({ serialNumber, end }) => serialNumber === serial && end?.kind === 'open'),
          ),
        );
        onUnlocked(serialNumbers.length);
      },
    },
    {
      name: 'an associate is refused out of hours, and told from when on',
      run: async () => {
        const { staffId, pin } = associate;
        const { serialNumber } = shut;
        await page().call('signOut', null);
        await page().call('signIn', { staffId, pin });
        await failsWith(page().call('unlock', { serialNumber }), 'rights.outside_hours', { fromAt: opensAt });
        await failsWith(
          page().call('unlockGroup', { serialNumbers, asked: { reason } }),
          'rights.not_permitted',
        );
      },
    },
    {
      name: 'a manager lifts a pause',
      run: async () => {
        const { staffId, pin } = associate;
        await page().call('signOut', null);
        const wrong = pin === '135790' ? '097531' : '135790';
        for (let tries = 0; tries < 5; tries += 1)
          await failure(page().call('signIn', { staffId, pin: wrong }));
        const paused = await failure(page().call('signIn', { staffId, pin }));
        expect(JSON.stringify(paused).includes('staff.locked_out'), 'five wrong PINs paused nobody');
        const { people } = await page().call('whoMayLift', { staffId });
        expect(people.length === 1 && people[0]?.staffId === manager.staffId, 'others may lift it');
        const lift = (by: string): Promise<unknown> =>
          page().call('liftPause', { staffId, by: { staffId: by, pin: simulatedPin } });
        await failsWith(lift(lead.staffId), 'rights.not_permitted');
        await lift(manager.staffId);
        await page().call('signIn', { staffId, pin });
        await connection('online');
      },
    },
    {
      name: 'the backend is told who opened what, with whom and why, and who was refused',
      run: async () => {
        await page().call('syncNow', null);
        await page().until('health', 'nothing waits', ({ connection: { waiting } }) => waiting === 0);
        const { events } = eventsAnswer.parse(await store.admin.get(`/stores/${storeId}/events`));
        const has = (wanted: object): boolean =>
          events.some((event) =>
            Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(event[name], value)),
          );
        const approver = { staffId: manager.staffId, method: 'pin' };
        const opened = {
          kind: 'unlocked',
          staffId: lead.staffId,
          method: 'pin',
          offline: true,
          group: 'Watches',
        };
        for (const serialNumber of serialNumbers)
          expect(has({ ...opened, serialNumber, approver, reason }), `not told of ${serialNumber}`);
        const { serialNumber } = shut;
        const refused = { kind: 'refused', staffId: associate.staffId, serialNumber, group: 'Beauty' };
        expect(has({ ...refused, errorCode: 'rights.outside_hours' }), 'not told who was refused');
        const lifted = { kind: 'pause_lifted', staffId: associate.staffId, approver, offline: true };
        expect(has(lifted), 'not told who lifted whose pause');
      },
    },
    {
      name: 'a badge that is given at the kiosk signs in there, until the back office blocks it',
      run: async () => {
        const signIn = (): Promise<unknown> => page().call('signInByBadge', { read: badge });
        await page().call('signIn', { staffId: manager.staffId, pin: simulatedPin });
        await page().call('assignBadge', { staffId: lead.staffId, read: badge });
        await signIn();
        await page().call('syncNow', null);
        await store.admin.send('DELETE', `/stores/${storeId}/staff/${lead.staffId}/badges`);
        await page().until('kiosk', 'whoever it signed in is signed out', ({ session }) => session === null);
        await failsWith(signIn(), 'badge.blocked');
      },
    },
    {
      name: 'a person is erased at the backend, and the chain of events still verifies',
      run: async () => {
        await store.admin.send('DELETE', `/stores/${storeId}/staff/${associate.staffId}`);
        await page().until('kiosk', 'nobody finds the name any more', ({ staff }) =>
          staff.every(({ staffId }) => staffId !== associate.staffId),
        );
        const answer = await store.admin.get(`/stores/${storeId}/events?limit=1000`);
        expect(!JSON.stringify(answer).includes(associate.name), 'the events hold a name');
        const events = eventsAnswerSchema.parse(answer).events.sort((a, b) => a.sequence - b.sequence);
        expect(
          events.some(({ staffId }) => staffId === associate.staffId),
          'what that person did is gone',
        );
        let previous = firstPreviousHash;
        for (const told of events) {
          // Without what the backend says beside it.
          const { hash, ...event } = asRecorded.parse(told);
          const chained = createHash('sha256').update(journalHashInput({ ...event, previousHash: previous }));
          expect(chained.digest('hex') === hash, `the chain breaks at ${event.sequence}`);
          previous = hash;
        }
      },
    },
  ];
};
