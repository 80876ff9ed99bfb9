import { expect, it } from 'vitest';
import type { TrustDocument } from '#shared/models/documents.ts';
import { owner, trustRow } from '#support/kiosk-rows.ts';
import { chooseIntermediate, chooseRevocationList } from './lease.ts';

const now = Date.UTC(2026, 0, 5);
const listRow = (list: string, part: { owner?: string; version?: number } = {}): TrustDocument => ({
  trustId: `revocations of ${list}`,
  kind: 'revocation_list',
  owner,
  list: Buffer.from(list).toString('base64'),
  version: 4,
  ...part,
});

it('a revocation list is no intermediate, and the other way round', () => {
  expect(chooseIntermediate([listRow('a')], owner, now)).toEqual({ kind: 'missing' });
  expect(chooseIntermediate([listRow('a'), trustRow(now)], owner, now)).toMatchObject({ kind: 'valid' });
  expect(chooseRevocationList([trustRow(now)], owner)).toBeNull();
});

it('the list is the newest of this owner', () => {
  const trust = [
    listRow('old', { version: 3 }),
    listRow('new', { version: 5 }),
    listRow('other', { version: 9, owner: 'other' }),
  ];
  expect(Buffer.from(chooseRevocationList(trust, owner) ?? []).toString()).toBe('new');
  expect(chooseRevocationList(trust, null)).toBeNull();
});
