import { expect, test } from 'vitest';
import { isUnwritable, unreadinessOf } from './readiness.ts';

test.each([
  ['ECONNREFUSED', 'database_unreachable'],
  ['08001', 'database_unreachable'],
  ['53300', 'database_refuses'],
  ['57P03', 'database_refuses'],
  // PgBouncer, whatever it refuses.
  ['08P01', 'database_refuses'],
  ['3D000', 'database_refuses_login'],
  ['28P01', 'database_refuses_login'],
  ['25006', 'database_read_only'],
  ['53100', 'database_full'],
  ['08007', 'database_does_not_confirm'],
] as const)('a session that fails with %s says %s', (code, reason) => {
  expect(unreadinessOf(code)).toBe(reason);
});

test('what a pooler refuses keeps nobody from trying to write', () => {
  expect(isUnwritable('08P01')).toBe(false);
  expect(isUnwritable('25006')).toBe(true);
});
