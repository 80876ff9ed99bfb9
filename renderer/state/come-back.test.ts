import { expect, test } from 'vitest';
import { createComeBack } from './come-back.ts';

const nowhere = { place: null, lock: null };

test('who was signed out by idleness goes on where they were, once', () => {
  const comeBack = createComeBack<string>();
  comeBack.sheetShows('lock');
  comeBack.leave('ann', 'counter');
  expect(comeBack.of('ann')).toEqual({ place: 'counter', lock: 'lock' });
  expect(comeBack.of('ann')).toEqual(nowhere);
});

test('whoever else comes first begins anew, and nothing is kept of the one before', () => {
  const comeBack = createComeBack<string>();
  comeBack.sheetShows('lock');
  comeBack.leave('ann', 'queue');
  expect(comeBack.of('bob')).toEqual(nowhere);
  expect(comeBack.of('ann')).toEqual(nowhere);
});

test('a sheet that was closed, and one of the session before, is not opened again', () => {
  const comeBack = createComeBack<string>();
  comeBack.sheetShows('lock');
  comeBack.sheetShows(null);
  comeBack.leave('ann', 'counter');
  expect(comeBack.of('ann').lock).toBeNull();
  comeBack.sheetShows('lock');
  comeBack.leave('ann', 'counter');
  comeBack.of('ann');
  comeBack.leave('ann', 'queue');
  expect(comeBack.of('ann')).toEqual({ place: 'queue', lock: null });
});
