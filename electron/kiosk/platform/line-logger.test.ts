import { expect, it } from 'vitest';
import { createLineLogger } from './line-logger.ts';

it('writes one line per event from its level on, whatever the values hold', () => {
  const lines: string[] = [];
  const logger = createLineLogger({ write: (line) => lines.push(line), now: () => 0, level: 'warn' });
  logger.info('not written');
  logger.warn('radio down', { reason: 'a\nb', long: 'x'.repeat(1000), count: 2, none: undefined });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'radio down',
    reason: 'a\nb',
    long: 'x'.repeat(400),
    count: 2,
  });
});
