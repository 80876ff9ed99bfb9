import { expect, test } from 'vitest';
import { readMessage } from './read-messages.ts';

test('a message that has names alone between its words stays as it is written', () => {
  expect(readMessage('From {name}, at {time}')).toBe('From {name}, at {time}');
});

test('any other is the pieces that it is put together from', () => {
  expect(readMessage("{count, plural, =0 {none} other {# of {name}'s}} {how, select, other {}}")).toEqual([
    { plural: 'count', of: { '=0': ['none'], other: [0, ' of ', { name: 'name' }, "'s"] } },
    ' ',
    { select: 'how', of: { other: [] } },
  ]);
  expect(readMessage('{received, number} of {total, number}')).toEqual([
    { number: 'received' },
    ' of ',
    { number: 'total' },
  ]);
});

test.each([
  '{count, plural, one {#}',
  '{count, plural, offset:1 other {#}}',
  '{count, selectordinal, other {#th}}',
  '{share, number, percent}',
  '{share, number, ::.00}',
  '{at, date}',
  '{at, time, short}',
  '<b>{name}</b>',
])('what is no message, or one that the page could not say, ends the build and is named: %s', (message) => {
  expect(() => readMessage(message)).toThrow(JSON.stringify(message));
});
