/** Duress between the backend and the kiosks of one store: told where nobody forces anybody, and nowhere else. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { alarmsAnswerSchema } from '#backend/admin/open-alarms.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import { policy } from '../backend/world.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { estateTest } from './estate-test.ts';

const test = estateTest;

const bea = { staffId: randomUUID(), name: 'Bea', pin: '693158', duressPin: '740269' };

test('the back office and the other kiosk hear of it, each acknowledges for itself, and the one where it happened hears nothing', async ({
  estate,
}) => {
  const storeId = await estate.makeStore();
  const { staffId, ...person } = bea;
  const path = `/stores/${storeId}/staff/${staffId}`;
  const put = (body: object): Promise<unknown> => estate.admin('PUT', path, body);
  await expect(put(person)).rejects.toThrow('its policy has no duress PINs');
  await estate.admin('PUT', `/stores/${storeId}`, {
    name: 'A store',
    policy: { ...policy, duressPin: true },
  });
  await put(person);
  const [one, other] = [await EstateKiosk.at(estate, storeId), await EstateKiosk.at(estate, storeId)];
  await eventually(() => one.requireView('kiosk', ({ staff }) => staff.some(({ name }) => name === 'Bea')));

  one.network = 'cut';
  expect(await one.call('signIn', { staffId, pin: bea.duressPin })).toEqual(ok(null));
  one.network = 'up';
  await eventually(async () => expect(await one.call('syncNow', null)).toEqual(ok(null)));
  const open = async () =>
    alarmsAnswerSchema.parse(await estate.admin('GET', `/stores/${storeId}/alarms`)).alarms;
  await eventually(async () => expect(await open()).toHaveLength(1));
  const [alarm] = await open();
  expect(alarm).toMatchObject({ kind: 'duress', acknowledged: null, duress: { staffId, name: 'Bea' } });

  const told = await eventually(() => other.requireView('alarms', ({ alarms }) => alarms.length > 0));
  expect(told).toMatchObject({
    ...{ count: 1, grave: 0, newestAt: null },
    alarms: [{ kind: 'duress', lock: null, elsewhere: { kioskName: 'Counter', name: 'Bea' } }],
  });
  expect(await other.call('acknowledgeAlarm', { kind: 'duress', serialNumber: null })).toEqual(ok(null));
  await eventually(() => other.requireView('alarms', ({ alarms }) => alarms.length === 0));
  // That somebody at a kiosk has is nothing to the back office, which may have more to do.
  await eventually(async () => expect(await other.call('syncNow', null)).toEqual(ok(null)));
  expect(await open()).toMatchObject([alarm]);

  expect(await one.call('syncNow', null)).toEqual(ok(null));
  expect(one.view('alarms')).toMatchObject({ count: 0, newestAt: null, alarms: [] });
  expect(JSON.stringify(one.staffAnswers)).not.toContain('duressPin');
  const event = `/stores/${storeId}/duress/${alarm?.duress?.eventId ?? ''}/acknowledge`;
  await estate.admin('POST', event);
  await expect(estate.admin('POST', event)).rejects.toThrow('404');
  expect(await open()).toEqual([]);

  await put({ name: 'Bea', duressPin: null });
  await eventually(async () => {
    await one.call('syncNow', null);
    expect(await one.call('signIn', { staffId, pin: bea.duressPin })).toMatchObject(
      fail('staff.wrong_pin', { attemptsLeft: 4 }),
    );
  });
});
