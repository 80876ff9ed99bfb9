/** The line for a serial number in every order that chance finds: claims, ends, calls, lapses and looks, two at a time. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { createLineWorld, type Answer, type LineWorld } from './serial-line-world.ts';
import type { Db } from '#backend/store/database.ts';
import { databaseTest } from './database-test.ts';

type Step = (world: LineWorld) => Promise<unknown>;

const store = fc.integer({ min: 0, max: 2 });
const turn = fc.integer({ min: 0, max: 3 });
const answers = fc.constantFrom<Answer>('registers', 'refuses', 'turns away', 'loses');
const actions = fc.constantFrom('refuse' as const, 'retry' as const, 'adopt' as const);
const step: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(store, fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3 }))
      .map(([who, lock, chance]): readonly [string, Step] => {
        const isProven = chance === 0;
        return [
          `${who} captures ${lock}${isProven ? ', proven' : ''}`,
          (it) => it.capture(who, lock, isProven),
        ];
      }),
  },
  {
    weight: 1,
    arbitrary: store.map((who) => [`${who} gives up`, (it: LineWorld) => it.abandon(who)] as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(store, actions)
      .map(([who, what]) => [`${what} ${who}`, (it: LineWorld) => it.resolve(who, what)] as const),
  },
  { weight: 2, arbitrary: turn.map((nth) => [`call ${nth}`, (it: LineWorld) => it.call(nth)] as const) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(turn, answers)
      .map(([nth, how]) => [`${how} ${nth}`, (it: LineWorld) => it.answer(nth, how)] as const),
  },
  { weight: 5, arbitrary: fc.constant(['a look', (it: LineWorld) => it.look()] as const) },
  {
    // A claim lapses only where this comes often enough.
    weight: 4,
    arbitrary: fc.constantFrom(60_000, 601_000, 601_000).map((ms) => {
      const wait = (it: LineWorld): Promise<void> => {
        it.pass(ms);
        return Promise.resolve();
      };
      return [`${ms} ms`, wait] as const;
    }),
  },
);
const givenUp = new Set<string | undefined>(['refused', 'abandoned']);

const readLine = async (db: Db, tenantId: string) => {
  const of = 'tenant_id' as const;
  const claims = await db.selectFrom('serial_claims').selectAll().where(of, '=', tenantId).execute();
  const waits = await db.selectFrom('serial_waits').selectAll().where(of, '=', tenantId).execute();
  const outbox = await db.selectFrom('outbox').selectAll().where(of, '=', tenantId).execute();
  const keys = await db.selectFrom('key_certificates').selectAll().where(of, '=', tenantId).execute();
  const enrolments = await db.selectFrom('enrolments').selectAll().where(of, '=', tenantId).execute();
  return {
    claims,
    keys,
    waits: waits.map((row) => row.enrolment_id),
    firmWaits: waits.filter((row) => row.is_firm).map((row) => row.enrolment_id),
    outbox: outbox.map((row) => row.enrolment_id),
    serials: new Map(outbox.map((row) => [row.enrolment_id, row.serial_number])),
    states: new Map(enrolments.map((row) => [row.enrolment_id, row.state])),
    /** Uncertain, and their lock is registered for another. */
    lost: enrolments
      .filter(({ state, serial_number: serial, enrolment_id: id }) => {
        const claim = claims.find((each) => each.serial_number === serial);
        const holder = enrolments.find((each) => each.enrolment_id === claim?.enrolment_id);
        return state === 'uncertain' && holder?.state === 'registered' && holder.enrolment_id !== id;
      })
      .map((row) => row.enrolment_id),
  };
};
type Content = Awaited<ReturnType<typeof readLine>>;

/** What is true whenever nothing is under way. */
const hold = (before: Content, now: Content, world: LineWorld): void => {
  const holders = new Set(now.claims.map(({ enrolment_id: id }) => id));
  for (const { is_firm: isFirm, enrolment_id: id } of before.claims) {
    // One that was given up, by whomever, can have been sent again since.
    if (isFirm && !holders.has(id) && !now.firmWaits.includes(id))
      expect(givenUp).toContain(now.states.get(id));
  }
  const submitted = [...now.states].filter(([, state]) => state === 'submitted').map(([id]) => id);
  // Each is with the worker and holds its serial number, or waits: never both, never neither.
  expect([...now.waits, ...now.outbox].sort()).toEqual(submitted.sort());
  for (const id of now.outbox) {
    const holder = now.claims.find((claim) => claim.serial_number === now.serials.get(id))?.enrolment_id;
    // A key that came late has taken its place while it was called for: the vendor's answer ends it.
    if (now.states.get(holder ?? '') !== 'registered') expect(holder).toBe(id);
  }
  for (const id of now.waits) expect(holders).not.toContain(id);
  for (const [id, state] of now.states) if (state === 'registered') expect(holders).toContain(id);
  // The vendor may have registered what an operator has ended since; the other way round there is no key.
  const sent = world.registered.map(({ storeId, serialNumber }) => `${storeId} ${serialNumber}`);
  for (const key of now.keys) expect(sent).toContain(`${key.store_id} ${key.serial_number}`);
};

const test = databaseTest
  .extend(
    'read',
    ({ db }) =>
      (tenantId: string) =>
        readLine(db, tenantId),
  )
  /** The vendor answers everything, time passes, and the line is looked at. */
  .extend('end', ({ read }) => async (world: LineWorld): Promise<Content> => {
    for (let round = 0; round < 60; round++) {
      while ((await world.look()) > 0);
      await world.call(0);
      await world.answer(0, 'registers');
      while ((await world.look()) > 0);
      world.pass(60_000);
      const now = await read(world.tenantId);
      if (now.waits.length + now.outbox.length === 0) return now;
    }
    return read(world.tenantId);
  });

test('one holds it, who is firm stays, whoever waits comes to an end, and a key goes to whom it was sent for', async ({
  database,
  read,
  end,
}) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 2 }), { maxLength: 30 }),
      async (plan) => {
        const world = await createLineWorld(database.db);
        let before = await read(world.tenantId);
        for (const steps of plan) {
          await Promise.all(steps.map(([, take]) => take(world)));
          const now = await read(world.tenantId);
          hold(before, now, world);
          before = now;
        }
        const now = await end(world);
        hold(before, now, world);
        const { waits, outbox, lost } = now;
        expect({ waits, outbox, lost }).toEqual({ waits: [], outbox: [], lost: [] });
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);
