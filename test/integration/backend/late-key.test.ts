/** A key that is heard of after an operator has ended its enrolment, which was sent again, while another claims the serial number. */
import { expect } from 'vitest';
import { createLineWorld, type LineWorld } from './serial-line-world.ts';
import { databaseTest } from './database-test.ts';

const test = databaseTest.extend('read', ({ database }) => async ({ tenantId }: LineWorld) => {
  const of = (table: 'serial_claims' | 'key_certificates' | 'serial_waits' | 'outbox') =>
    database.db.selectFrom(table).select('store_id').where('tenant_id', '=', tenantId).execute();
  const enrolments = await database.db
    .selectFrom('enrolments')
    .select(['store_id', 'state'])
    .where('tenant_id', '=', tenantId)
    .execute();
  return {
    claims: await of('serial_claims'),
    keys: await of('key_certificates'),
    waits: [...(await of('serial_waits')), ...(await of('outbox'))],
    states: new Map(enrolments.map(({ store_id: store, state }) => [store, state])),
  };
});

test.for(['at once', 'while it is called for'])(
  'the store that has the key has the serial number, and the other hears that it is another’s (%s)',
  async (when, { database, read }) => {
    const world = await createLineWorld(database.db);
    await world.capture(0, 0, false);
    // Its session is lost meanwhile, so that an operator can end it.
    await world.call(0);
    await world.resolve(0, 'refuse');
    await world.capture(1, 0, false);
    await world.resolve(0, 'retry');
    if (when === 'while it is called for') await world.call(0);
    await world.answer(0, 'registers');
    const { keys, claims } = await read(world);
    expect(keys).toHaveLength(1);
    expect(claims).toEqual(keys);
    await world.answer(0, 'registers');
    world.pass(700_000);
    while ((await world.look()) > 0);
    const end = await read(world);
    expect({ ...end, states: [...end.states.values()].sort() }).toEqual({
      claims: keys,
      keys,
      waits: [],
      states: ['conflicted', 'registered'],
    });
    expect(end.states.get(keys[0]?.store_id ?? '')).toBe('registered');
  },
);
