import { expect, test } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { dueRow, silentRow } from './battery-words.ts';

const said = (rows: readonly { readonly said: string }[]): string[] => rows.map((row) => row.said);

test('a battery that is due says how low it is, and by whose word', () => {
  expect(said(scene.batteries().change.map(dueRow))).toEqual([
    '9%, the lock says low',
    '17%, low',
    '24%, due in 4 days',
  ]);
});

test('a lock that is silent says since when, and what was known of it then', () => {
  expect(said(scene.batteries().silent.map((one) => silentRow(one, scene.sceneNow)))).toEqual([
    '41%, last heard on 23 Feb',
    'changed on 24 Feb, not heard since',
  ]);
});
