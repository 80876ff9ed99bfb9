/** A kiosk whose store has rights, up to the calls of its page: the services that people's rights touch are real. */
import { kioskCalls, type CallServices } from '#kiosk/kiosk-calls.ts';
import type { KioskApi } from '#kiosk/ipc/api.ts';
import { createOpeningDelays } from '#kiosk/locks/opening-delays.ts';
import { createOpeningDesk } from '#kiosk/locks/opening-desk.ts';
import type { Session } from '#kiosk/staff/session.ts';
import { createStaffService, type StaffService } from '#kiosk/staff/staff-service.ts';
import { ok } from '#shared/errors/app-error.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { PersonRights, Rule, StoreRights } from '#shared/rights/model.ts';
import { createBadgesOnBench } from './badge-bench.ts';
import { createKioskBench } from './kiosk-bench.ts';
import { ids, lockRow, serial, staffRow, storeRow } from './kiosk-rows.ts';

export const another = '0000051a00000006';
export const pins = { ann: '4711', bob: '0815', cleo: '2580' } as const;
export const cleo = '30000000-0000-4000-8000-000000000003';

/** A store in London with these rules, be they understood or not. */
export const rightsOf = (
  rules: readonly (Rule | { readonly group: string })[],
  rest: Partial<StoreRights> = {},
): StoreRights => ({
  timeZone: 'Europe/London',
  roles: [],
  rules: [...rules],
  ...rest,
});

type Part = Partial<Omit<PersonRights, 'staffId'>>;
const personOf = (
  staffId: string,
  name: string,
  pin: string,
  { roles, from, until }: Part,
): StaffDocument => ({
  ...staffRow(staffId, name, pin),
  ...(roles ? { roles: [...roles] } : {}),
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
});

export interface RightsScene {
  readonly rights?: unknown;
  /** Who asks; unless it says otherwise an associate. */
  readonly ann?: Part;
  /** Who is asked for; unless it says otherwise a lead. */
  readonly bob?: Part;
  readonly cleo?: Part;
}

export type RightsBench = Awaited<ReturnType<typeof createRightsBench>>;

/** Two locks of the group Perfume, both near. `reached`: the services and locks that a call has got to. */
export const createRightsBench = async (scene: RightsScene = {}) => {
  const bench = createKioskBench();
  const { data, driver, clock, judge, waits, journal, directory } = bench;
  const reached: string[] = [];

  const set = ({ rights, ann, bob, cleo: third }: RightsScene): void => {
    data.store$.next({ ...storeRow(), rights });
    data.staff$.next([
      personOf(ids.ann, 'Ann', pins.ann, ann ?? { roles: ['associate'] }),
      personOf(ids.bob, 'Bob', pins.bob, bob ?? { roles: ['lead'] }),
      personOf(cleo, 'Cleo', pins.cleo, third ?? { roles: ['associate'] }),
    ]);
  };
  set(scene);
  const sealed = (serialNumber: string) => ({ serialNumber, sealed: `sealed ${serialNumber}`, version: 3 });
  data.pull({ locks: [lockRow(), lockRow(another)], keys: [sealed(serial), sealed(another)] });
  driver.hear(serial);
  driver.hear(another);

  const badges = createBadgesOnBench(data, journal);
  const staff = await createStaffService({
    badges,
    staff$: data.staff$,
    store$: data.store$,
    notes: data,
    judge,
    journal,
    clock,
    logger: bench.logger,
  });

  /** A service that does what it is asked and says that it was. */
  const spy = (name: string): never =>
    new Proxy({} as never, {
      get: (_, method) => () => {
        reached.push(`${name}.${String(method)}`);
        return method === 'prepare' ? undefined : Promise.resolve(ok(null));
      },
    });

  const callsFor = (who: StaffService): KioskApi['calls'] => {
    const desk = createOpeningDesk({ directory, judge, staff: who, journal, clock });
    const services: CallServices = {
      staff: who,
      badges: spy('badges'),
      leaving: spy('leaving'),
      judge,
      directory,
      desk,
      delays: createOpeningDelays({ waits, judge, directory, staff: who, desk, journal }),
      unlocks: bench.unlocks,
      group: bench.group,
      operations: bench.operations,
      releaser: spy('releaser'),
      preparer: spy('preparer'),
      concerns: spy('concerns'),
      alarms: spy('alarms'),
      sweep: spy('sweep'),
      batteries: spy('batteries'),
      signed: spy('signed'),
      lockExport: spy('lockExport'),
      customers: spy('customers'),
      updateChoosing: spy('updateChoosing'),
      presence: spy('presence'),
      names: spy('names'),
      replacing: spy('replacing'),
      enrolments: spy('enrolments'),
      provisioner: spy('provisioner'),
      lifeCycle: spy('lifeCycle'),
      activity: spy('activity'),
      exports: spy('exports'),
      chain: spy('chain'),
      replication: spy('replication'),
    };
    return kioskCalls(services);
  };

  /** Ann's session, whatever becomes of her rights meanwhile. */
  const ann: Session = { staffId: ids.ann, name: 'Ann', method: 'pin', idleAt: 0 };
  const held: StaffService = {
    ...staff,
    requireSession: () => ok(ann),
    whileSignedIn: (signal, act) => act(ann, signal),
  };

  return {
    ...bench,
    staff,
    badges,
    set,
    calls: callsFor(staff),
    /** The same calls, with Ann signed in whom nothing signs out. */
    heldCalls: callsFor(held),
    context: { signal: new AbortController().signal },
    reached: () => [...reached, ...driver.asked],
    /** The journal without who came and went. */
    openings: () => data.events.filter(({ kind }) => !kind.startsWith('sign')),
  };
};
