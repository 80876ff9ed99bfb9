import { expect, test } from 'vitest';
import { locksViewSchema } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { createLocksParser } from './same-tiles.ts';

const view = () =>
  locksViewSchema.parse({
    locks: scene.locks(),
    foreign: [{ serialNumber: scene.serialOf(99), proximity: 'far' }],
  });
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a view is taken as the contract has it', () => {
  expect(createLocksParser()(sent(view()))).toEqual(view());
});

test('what has not changed stays the same object, what has changed does not', () => {
  const parse = createLocksParser();
  const before = parse(sent(view()));
  const changed = view();
  changed.locks[1] = scene.tile(2, 'Spirits cabinet 2', 'Spirits', 'far');
  const after = parse(sent(changed));
  expect(after).toEqual(changed);
  expect(after?.locks.map((lock, at) => lock === before?.locks[at])).toEqual(
    changed.locks.map((_, at) => at !== 1),
  );
  expect(after?.foreign[0]).toBe(before?.foreign[0]);
});

test('a lock outside the contract is refused, also after good ones, and good ones are taken again', () => {
  const parse = createLocksParser();
  expect(parse(sent(view()))).not.toBeNull();
  const [first] = view().locks;
  for (const locks of [[{ ...first, key: 'secret' }], [{ ...first, battery: 101 }], [null], 'locks']) {
    expect(parse({ locks, foreign: [] })).toBeNull();
  }
  expect(parse({ locks: [], foreign: [], more: true })).toBeNull();
  expect(parse(sent(view()))).toEqual(view());
});

test('spares are told beside the locks, and held against the contract as they are', () => {
  const parse = createLocksParser();
  const view = { locks: [], spares: [scene.tile(70, scene.serialOf(70), 'Spirits', 'here')], foreign: [] };
  expect(parse(view)).toEqual(view);
  expect(parse({ locks: [], foreign: [] })).toEqual({ locks: [], foreign: [] });
  expect(parse({ ...view, spares: [{ name: 'no tile' }] })).toBeNull();
});
