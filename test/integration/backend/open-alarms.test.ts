/** What a back office sees of the alarms of a store: those that are open, from the events of its kiosks. */
import { expect, test } from 'vitest';
import { alarmsAnswerSchema } from '#backend/admin/open-alarms.ts';
import type { AlarmKind } from '#shared/models/alarm.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { useStoreWithLock, type World } from './world.ts';

let world: World;
let storeId: string;
let kiosk: TestKiosk;
let serialNumber: string;
useStoreWithLock((made) => ({ world, storeId, kiosk, serialNumber } = made));

const bare = { attemptId: null, stageMs: {} } as const;
const tell = async (
  by: TestKiosk,
  journal: JournalWriter,
  what: 'raised' | 'acknowledged' | 'ended',
  alarm: AlarmKind,
  of: { readonly serialNumber?: string | null; readonly staffId?: string } = {},
): Promise<void> => {
  const event = journal.one({ ...bare, kind: `alarm_${what}`, alarm, serialNumber, staffId: null, ...of });
  expect(await by.push('accessEvents', [event])).toMatchObject([{ status: 'accepted' }]);
};
const open = async (): Promise<unknown[]> =>
  alarmsAnswerSchema
    .parse((await world.admin('GET', `/stores/${storeId}/alarms`)).body)
    .alarms.map(({ kind, serialNumber: serial, acknowledged }) => [kind, serial, acknowledged?.name ?? null]);

test('are those that were raised and have not ended, what nobody has acknowledged first', async () => {
  const journal = createJournalWriter(kiosk);
  const staffId = crypto.randomUUID();
  const person = { name: 'Ada', pin: '582047' };
  expect((await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, person)).status).toBe(204);
  expect(await open()).toEqual([]);
  await tell(kiosk, journal, 'raised', 'tampered');
  await tell(kiosk, journal, 'raised', 'battery_low');
  await tell(kiosk, journal, 'raised', 'chain_broken', { serialNumber: null });
  await tell(kiosk, journal, 'acknowledged', 'tampered', { staffId });
  expect(await open()).toEqual([
    ['chain_broken', null, null],
    ['battery_low', serialNumber, null],
    ['tampered', serialNumber, 'Ada'],
  ]);
  await tell(kiosk, journal, 'ended', 'tampered');
  await tell(kiosk, journal, 'ended', 'battery_low');
  expect(await open()).toEqual([['chain_broken', null, null]]);
  // Raised once more, nobody has acknowledged it.
  await tell(kiosk, journal, 'raised', 'tampered');
  expect(await open()).toHaveLength(2);
  expect(await open()).toContainEqual(['tampered', serialNumber, null]);
});

test('are each kiosk’s own, of kiosks that are not revoked and locks that the store has', async () => {
  const other = await world.makeKiosk(storeId);
  await tell(kiosk, createJournalWriter(kiosk), 'raised', 'left_open');
  const journal = createJournalWriter(other);
  await tell(other, journal, 'raised', 'left_open');
  await tell(other, journal, 'raised', 'tampered', { serialNumber: someSerial() });
  expect(await open()).toHaveLength(2);
  await tell(other, journal, 'ended', 'left_open');
  expect(await open()).toHaveLength(1);
  expect((await world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`)).status).toBe(204);
  expect(await open()).toEqual([]);
});
