import { expect, test } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import { mostSignedRounds } from '#shared/models/signed-round.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids } from '#support/kiosk-rows.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createSignedRounds, type SignedEvent } from './signed-rounds.ts';

const setUp = () => {
  const notes = new FakeData();
  const clock = new ManualClock();
  const people = [{ staffId: ids.ann, name: 'Ann' }];
  let count = 0;
  const by = (staffId: string | null) => {
    count += 1;
    const eventId = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    return { eventId, at: clock.now(), staffId };
  };
  const found = { heardLocked: 4, seenLocked: 1, notLocked: 2, heardOpen: 1 };
  const sweep = (staffId: string): SignedEvent => ({
    ...by(staffId),
    kind: 'closing_sweep',
    sweep: { ...found, serialNumbers: ['0000051a00000001'] },
  });
  const round = (staffId: string): SignedEvent => ({
    ...by(staffId),
    kind: 'battery_round',
    round: { changed: ['0000051a00000001'], left: 3, serialNumbers: [] },
  });
  const start = (before: readonly SignedEvent[] = []) =>
    createSignedRounds({ notes, people: () => people, before, clock, logger: silentLogger });
  return { notes, clock, people, found, sweep, round, start };
};

test('who signed a round, when, and what they found is known after a restart, the newest first', async () => {
  const { clock, found, sweep, round, start } = setUp();
  const signed = await start();
  expect(signed.list()).toEqual({ sweeps: [], batteries: [] });
  const at = clock.now();
  await signed.keep(sweep(ids.ann));
  await signed.keep(round(ids.ann));
  await clock.advance(60_000);
  await signed.keep(sweep(ids.bob));
  const list = {
    sweeps: [
      { at: at + 60_000, name: null, ...found },
      { at, name: 'Ann', ...found },
    ],
    batteries: [{ at, name: 'Ann', changed: 1, left: 3 }],
  };
  expect(signed.list()).toEqual(list);
  expect((await start()).list()).toEqual(list);
});

test('the newest are kept, of each kind', async () => {
  const { clock, sweep, round, start } = setUp();
  const signed = await start();
  await signed.keep(round(ids.ann));
  const events = [];
  for (let n = 0; n < mostSignedRounds + 2; n += 1) {
    const event = sweep(ids.ann);
    events.push(event);
    await signed.keep(event);
    await clock.advance(1_000);
  }
  const ats = events.map(({ at }) => at).reverse();
  expect(signed.list().sweeps.map(({ at }) => at)).toEqual(ats.slice(0, mostSignedRounds));
  expect(signed.list().batteries).toHaveLength(1);
  // The journal still has the older ones.
  expect((await start(events)).list()).toEqual(signed.list());
});

test('one that the kiosk was ended before it noted it is read from the journal', async () => {
  const { notes, clock, sweep, round, start } = setUp();
  const [one, two, three] = [sweep(ids.ann), round(ids.ann), sweep(ids.bob)];
  const signed = await start();
  await signed.keep(one);
  notes.diskFull = true;
  await signed.keep(two);
  expect(signed.list().batteries).toHaveLength(1);
  notes.diskFull = false;
  await clock.advance(1_000);
  const other: SignedEvent = { ...three, kind: 'signed_in', sweep: undefined };
  const again = await start([one, two, other, three]);
  expect(again.list()).toMatchObject({
    sweeps: [{ name: null }, { name: 'Ann' }],
    batteries: [{ name: 'Ann' }],
  });
});

test('of one whose time is still to come nobody knows when it was', async () => {
  const { clock, sweep, start } = setUp();
  const signed = await start();
  clock.jump(86_400_000);
  await signed.keep(sweep(ids.ann));
  clock.jump(-86_400_000);
  expect(signed.list().sweeps).toMatchObject([{ at: null, name: 'Ann' }]);
});

test('they are forgotten with the kiosk', async () => {
  const { notes, sweep, start } = setUp();
  const signed = await start();
  await signed.keep(sweep(ids.ann));
  await signed.forgetAll();
  expect(signed.list().sweeps).toEqual([]);
  expect(await notes.readNote('signed-rounds')).toBeFalsy();
});
