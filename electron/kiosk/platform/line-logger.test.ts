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

it('tells what happened, whatever the fields are called', () => {
  const lines: string[] = [];
  const logger = createLineLogger({ write: (line) => lines.push(line), now: () => 0, level: 'info' });
  logger.error('kiosk crashed', { event: 'other', time: 'never', level: 'none', thrown: 'Error' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'error', event: 'kiosk crashed', thrown: 'Error' },
  ]);
});
