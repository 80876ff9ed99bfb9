import { expect, test } from 'vitest';
import { errorCodes, errorTable } from '#shared/errors/table.ts';
import { obstacleWords } from './obstacle-words.ts';

const now = Date.UTC(2026, 2, 4, 12);

test.each(errorCodes.filter((code) => /^(radio|vault)\./.test(code)))('%s fits on a tile', (code) => {
  const params = Object.fromEntries(errorTable[code].params.map((name) => [name, now]));
  expect(obstacleWords({ code, params }, now).length).toBeLessThanOrEqual(26);
});

test('what has no short words is said in full', () => {
  const words = obstacleWords({ code: 'lock.busy', params: { serialNumber: '0000051a00000005' } }, now);
  expect(words.length).toBeGreaterThan(0);
});
