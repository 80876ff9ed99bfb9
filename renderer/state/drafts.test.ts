import { expect, it } from 'vitest';
import { createDrafts, settle } from './drafts.ts';

it('keeps a draft for its own person', () => {
  const drafts = createDrafts();
  drafts.of('ann').ticked = ['a', 'b'];
  drafts.of('ann').names.set('a', 'Hook 1');
  expect(drafts.of('ben')).toEqual({ ticked: [], names: new Map(), group: null, groups: new Map() });
  expect([drafts.has('ann'), drafts.has('ben'), drafts.has('cleo')]).toEqual([true, false, false]);
  settle(drafts.of('ann'), 'a');
  expect(drafts.of('ann')).toEqual({ ticked: ['b'], names: new Map(), group: null, groups: new Map() });
});

it('keeps so many that whoever began first makes room', () => {
  const drafts = createDrafts();
  for (let n = 0; n <= 200; n += 1) drafts.of(`person ${n}`).group = `group ${n}`;
  expect(drafts.of('person 200').group).toBe('group 200');
  expect(drafts.of('person 0').group).toBeNull();
});
