import { expect, it } from 'vitest';
import type { TrustDocument } from '#shared/models/documents.ts';
import { owner, trustRow } from '#support/kiosk-rows.ts';
import { chooseIntermediate } from './lease.ts';
import { createRevocationLists } from './revocation-lists.ts';

const now = Date.UTC(2026, 0, 5);
const row = (
  list: string,
  part: { owner?: string; version?: number; kind?: 'revocation_list' | 'revocation_part' } = {},
): TrustDocument => ({
  trustId: `revocations of ${list}`,
  kind: 'revocation_list',
  owner,
  list: Buffer.from(list).toString('base64'),
  version: 4,
  ...part,
});
const listsOf = (trust: readonly TrustDocument[], of: string | null = owner): string[] =>
  createRevocationLists()(trust, of).map((list) => Buffer.from(list).toString());

it('a revocation list is no intermediate, and the other way round', () => {
  expect(chooseIntermediate([row('a')], owner, now)).toEqual({ kind: 'missing' });
  expect(chooseIntermediate([row('a'), trustRow(now)], owner, now)).toMatchObject({ kind: 'valid' });
  expect(listsOf([trustRow(now)])).toEqual([]);
});

it('the lists are the parts of this owner, the first one first wherever it stands', () => {
  const trust = [
    row('second', { kind: 'revocation_part', version: 3 }),
    row('third', { kind: 'revocation_part', version: 9 }),
    row('first', { version: 5 }),
    row('other', { version: 9, owner: 'other' }),
  ];
  expect(listsOf(trust)[0]).toBe('first');
  expect(new Set(listsOf(trust))).toEqual(new Set(['first', 'second', 'third']));
  expect(listsOf(trust, null)).toEqual([]);
});

it('the lists are the same array until the documents, or the owner, are others', () => {
  const choose = createRevocationLists();
  const trust = [row('a'), row('b', { owner: 'other' })];
  const lists = choose(trust, owner);
  expect(choose(trust, owner)).toBe(lists);
  expect(choose(trust, 'other')).not.toBe(lists);
  expect(choose([row('c')], owner).map((list) => Buffer.from(list).toString())).toEqual(['c']);
});
