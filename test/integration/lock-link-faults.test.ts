/** The link under a failing air, a short run of what `npm run test:faults` does at length, and that its judge sees through lies. */
import { describe, expect, it as base } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { exchanges, type Exchange } from '../faults/exchanges.ts';
import { createAirStage } from '../faults/on-air.ts';
import { disconnects, planOfPlace, planOfSeed, singleFaults } from '../faults/plans.ts';
import { runFault, type FaultPlan } from '../faults/run.ts';
import { sweep } from '../faults/sweep.ts';
import { createTally } from '../faults/tally.ts';
import { makeFaultWorld } from '../faults/world.ts';

const it = base.extend('world', { scope: 'file' }, () => makeFaultWorld());

// In a hook, whose time is its own: else it would be the first test's.
it.beforeAll(({ world: _world }) => undefined);

const exchangeCalled = (name: string): Exchange => {
  const found = exchanges.find((exchange) => exchange.name === name);
  if (!found) throw new Error(`no exchange ${name}`);
  return found;
};

it('a link lost at every frame of every exchange: true, named, in time, and the next session works', async ({
  world,
}) => {
  const tally = createTally();
  await sweep(world, tally, { frameSize: 100, faults: disconnects });
  expect(tally.report()).not.toContain('BROKEN');
  expect(tally.runs).toBeGreaterThan(100);
});

it('every other fault at a few frames of an unlock', async ({ world }) => {
  const tally = createTally();
  for (const fault of singleFaults) {
    for (const place of [0, 2, 5, 11]) {
      const plan = planOfPlace(exchangeCalled('unlock'), 100, place, fault);
      tally.add(fault.name, await runFault(world, plan, place), `frame ${place}`);
    }
  }
  expect(tally.report()).not.toContain('BROKEN');
});

it('a hundred seeds of loss, delay, repetition, disorder, broken frames and broken links', async ({
  world,
}) => {
  const tally = createTally();
  for (let seed = 1; seed <= 100; seed += 1) {
    const plan = planOfSeed(seed);
    tally.add(plan.air, await runFault(world, plan, seed), `seed ${seed}`);
  }
  expect(tally.report()).not.toContain('BROKEN');
});

it('the same through real noble and bleno', async ({ world }) => {
  const tally = createTally();
  const stage = createAirStage(world);
  for (let seed = 1; seed <= 12; seed += 1) {
    const { name, ...verdict } = await stage.run(seed);
    tally.add(name, verdict, `seed ${seed}`);
  }
  await stage.dispose();
  expect(tally.report()).not.toContain('BROKEN');
});

describe.each(exchanges.filter(({ onlyOnce }) => !onlyOnce))('$name', (exchange) => {
  it('is through at the second attempt when its link was lost before the command', async ({ world }) => {
    for (const place of [0, 1, 2]) {
      const plan = planOfPlace(exchange, 100, place, { name: 'lost', event: { fate: 'lose_before' } });
      expect(await runFault(world, plan, 1), `frame ${place}`).toMatchObject({ outcome: 'ok', broken: [] });
    }
  });
});

describe('a run', () => {
  it('is the same for the same seed', async ({ world }) => {
    for (const seed of [11, 12, 13]) {
      const [once, again] = [
        await runFault(world, planOfSeed(seed), seed),
        await runFault(world, planOfSeed(seed), seed),
      ];
      expect(again).toEqual(once);
    }
  });
});

describe('the judge of a run', () => {
  const calm = (exchange: Exchange): FaultPlan => ({
    exchange,
    frameSize: 244,
    at: () => ({ fate: 'deliver' }),
  });
  const lies: [string, Partial<Exchange>, RegExp][] = [
    ['"opened" of a lock that was not', { run: () => Promise.resolve(ok(null)) }, /nothing happened/],
    ['no answer', { run: () => new Promise(() => undefined) }, /hang/],
    ['a lock that changed for nothing', { changes: null }, /not told to/],
    [
      'two openings for one',
      {
        run: async (...given) => {
          await exchangeCalled('unlock').run(...given);
          return exchangeCalled('unlock').run(...given);
        },
      },
      /opened 2 times/,
    ],
    [
      '"failed" of a lock that opened',
      {
        run: async (...given) => {
          await exchangeCalled('unlock').run(...given);
          return { ok: false, error: { code: 'lock.link_lost', params: {} } };
        },
      },
      /it happened/,
    ],
  ];
  it.for(lies)('sees %s', async ([_name, change, words], { world }) => {
    const { broken } = await runFault(world, calm({ ...exchangeCalled('unlock'), ...change }), 1);
    expect(broken.join('; ')).toMatch(words);
  });
});
