/** When a replica is asked, and when it is left alone. */
import { expect, test as base } from 'vitest';
import { createReplicaGate, toleratedMs, type ReplicaTurn } from './replica-gate.ts';
import { troubleOf } from './replica.ts';

const test = base
  .extend('time', () => ({ ms: 0 }))
  .extend('lines', (): string[] => [])
  .extend('gate', ({ time, lines }) => {
    const log = (event: string, fields: object = {}): void =>
      void lines.push(`${event} ${JSON.stringify(fields)}`);
    return createReplicaGate({
      now: () => 1_000_000 + time.ms,
      steadyNow: () => time.ms,
      // The longest of each pause.
      jitter: () => 1,
      logger: { debug: log, info: log, warn: log, error: log },
    });
  })
  .extend('ask', ({ gate }) => (): ReplicaTurn => {
    const asking = gate.ask();
    if (!asking) throw new Error('it is not asked now');
    return asking;
  });

const level = { written: 100, replayed: 100 };

test('one that fails is left alone for pauses that grow up to a minute, and tried by one, then asked by everybody', ({
  gate,
  ask,
  time,
}) => {
  const pauses: number[] = [];
  let asking = ask();
  for (let tries = 0; tries < 8; tries += 1) {
    asking.failed('unreachable');
    const began = time.ms;
    let next = gate.ask();
    for (; !next; next = gate.ask()) time.ms += 500;
    asking = next;
    pauses.push(time.ms - began);
    // Until the trial has said what came of it, nobody else asks.
    expect(gate.ask()).toBeNull();
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  asking.served(level);
  expect([gate.ask(), gate.ask()]).not.toContain(null);
  expect(gate.state).toEqual({ state: 'serves', since: 1_000_000 + time.ms, behindMs: 0 });
});

test('five that fail in one moment are one failure, and what they had asked before says nothing new', ({
  gate,
  ask,
  time,
}) => {
  const asked = Array.from({ length: 5 }, ask);
  for (const each of asked.slice(1)) each.failed('cancels');
  asked[0]?.served(level);
  expect([gate.state.state, gate.ask()]).toEqual(['cancels', null]);
  time.ms = 1_000;
  expect(gate.ask()).not.toBeNull();
});

test('what was only just written is not held against it', ({ gate, ask, time }) => {
  for (let written = 100; written < 200; written += 10) {
    ask().stoodElsewhere({ written, replayed: written - 10 });
    time.ms += 300;
  }
  expect(gate.state).toMatchObject({ state: 'serves' });
  // An hour in which nobody asked is not an hour that it was behind.
  time.ms += 3_600_000;
  ask().stoodElsewhere({ written: 300, replayed: 290 });
  expect(gate.state).toMatchObject({ state: 'serves', behindMs: 0 });
});

test('one that stays where it is is behind, whatever it still serves, and well once it has gone on', ({
  gate,
  ask,
  time,
}) => {
  ask().stoodElsewhere({ written: 100, replayed: 50 });
  time.ms += toleratedMs;
  ask().stoodElsewhere({ written: 200, replayed: 50 });
  expect(gate.state.state).toBe('serves');
  time.ms += 1;
  ask().stoodElsewhere({ written: 200, replayed: 99 });
  expect(gate.state).toMatchObject({ state: 'behind', behindMs: toleratedMs + 1 });
  expect(gate.ask()).toBeNull();
  time.ms += 1_000;
  // A store that has not changed since then stands there as at the primary.
  ask().served({ written: 200, replayed: 99 });
  expect(gate.state.state).toBe('behind');
  ask().served({ written: 200, replayed: 100 });
  expect(gate.state).toMatchObject({ state: 'serves', behindMs: 0 });
});

test('what a primary had written that is there no more is not waited for', ({ gate, ask, time }) => {
  // Lost with its server, or with a moment that a backup was restored to: the log goes on from an earlier place.
  ask().stoodElsewhere({ written: 1_000, replayed: 900 });
  for (let written = 500; written < 510; written += 1) {
    time.ms += 700;
    ask().served({ written, replayed: written });
    expect(gate.state).toMatchObject({ state: 'serves', behindMs: 0 });
    ask().stoodElsewhere({ written: written + 1, replayed: written });
    expect(gate.state).toMatchObject({ state: 'serves', behindMs: 0 });
  }
});

test('of what is written there the earlier place that is said later is no excuse', ({ gate, ask, time }) => {
  ask().stoodElsewhere({ written: 100, replayed: 50 });
  time.ms += toleratedMs + 1;
  ask().stoodElsewhere({ written: 90, replayed: 50 });
  expect(gate.state).toMatchObject({ state: 'behind', behindMs: toleratedMs + 1 });
});

test('each change is one line, with what it is and no more', ({ ask, lines }) => {
  const [first, second] = [ask(), ask()];
  first.served(level);
  second.served(level);
  ask().failed('refuses_login', { code: '28P01' });
  expect(lines).toEqual([
    'pulls are read at the replica {}',
    'pulls are read at the primary alone {"replica":"refuses_login","code":"28P01","waitMs":1000}',
  ]);
});

test.each([
  ['not_a_standby', 'is_primary'],
  ['other_database', 'other_database'],
  ['40001', 'cancels'],
  ['57014', 'cancels'],
  ['28P01', 'refuses_login'],
  // A right on a table.
  ['42501', 'refuses_login'],
  ['57P03', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
] as const)('what fails there with %s is told as %s', (code, trouble) => {
  expect(troubleOf(code)).toBe(trouble);
});
