/** Who is told of which alarms. */
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { fail } from '#shared/errors/app-error.ts';
import { ids, serial, storeRow } from '#support/kiosk-rows.ts';
import type { OpenAlarm } from '../alarms/alarms.ts';
import type { Session } from '../staff/session.ts';
import { alarmsView } from './alarms-view.ts';

const alarm = (kind: OpenAlarm['kind'], serialNumber: string | null, since: number): OpenAlarm => ({
  kind,
  serialNumber,
  since,
  acknowledged: null,
});
const viewOf = (alarms: readonly OpenAlarm[], session: Session | null, mayAcknowledge: boolean) => {
  const refused = fail('rights.not_permitted');
  return firstValueFrom(
    alarmsView({
      alarms$: new BehaviorSubject(alarms),
      storeLocks$: new BehaviorSubject(new Map()),
      staff$: new BehaviorSubject([]),
      store$: new BehaviorSubject(storeRow()),
      session$: new BehaviorSubject(session),
      judge: {
        refusal: () => (mayAcknowledge || refused.ok ? null : refused.error),
        changed$: new BehaviorSubject(null),
      },
    }),
  );
};
const ann: Session = { staffId: ids.ann, name: 'Ann', idleAt: 0, method: 'pin' };

test('what is no lock’s calls nobody who sees it nowhere', async () => {
  const alarms = [alarm('battery_low', serial, 5), alarm('chain_broken', null, 9)];
  expect(await viewOf(alarms, ann, false)).toEqual({
    count: 0,
    grave: 0,
    newestAt: 5,
    newestGraveAt: null,
    alarms: [],
  });
  expect(await viewOf(alarms, ann, true)).toMatchObject({
    count: 2,
    grave: 1,
    newestAt: 9,
    newestGraveAt: 9,
  });
  expect(await viewOf(alarms, null, false)).toMatchObject({ count: 2, grave: 1, newestGraveAt: 9 });
});

test('the newest is the one that came last, whatever the clock said', async () => {
  const alarms = [alarm('tampered', serial, 900), alarm('left_open', serial, 100)];
  expect(await viewOf(alarms, ann, true)).toMatchObject({ newestAt: 100, newestGraveAt: 100 });
});
