import { describe, expect, it } from 'vitest';
import { matcher } from './search.ts';

const lock = { serialNumber: '0000051a00000005', name: 'Crème cabinet 3', group: 'Cosmetics' };

describe('search', () => {
  it.each([
    '',
    ' ',
    'creme',
    'CAB',
    'cosm cab',
    '3 cabinet',
    '51a',
    '0000 051a 0000 0005',
    '0000051A00000005',
  ])('finds it by "%s"', (query) => expect(matcher(query)(lock)).toBe(true));

  it.each([
    ['Łódź', 'lodz'],
    ['Øystein Ødegård', 'oystein odegard'],
    ['Straße', 'strasse'],
    ['Đoković', 'dokovic'],
    ['Conor O’Neill', "o'neill"],
    ['Anne-Marie', 'anne-m'],
  ])('finds %s by what a keyboard has: "%s"', (name, query) =>
    expect(matcher(query)({ ...lock, name })).toBe(true),
  );

  it.each(['razor', 'cabinet 4', '51', 'ffff', 'creme razor'])('does not find it by "%s"', (query) =>
    expect(matcher(query)(lock)).toBe(false),
  );
});
