import { expect, it } from 'vitest';
import { createJsonLogger } from './ports.ts';

it('tells what happened, whatever the fields are called', () => {
  const lines: string[] = [];
  const logger = createJsonLogger(
    (line) => lines.push(line),
    () => 0,
  );
  logger.warn('kiosk refused', { event: 'other', at: 'never', level: 'none', why: 'a\nb' });
  expect(lines).toEqual([
    '{"at":"1970-01-01T00:00:00.000Z","level":"warn","event":"kiosk refused","why":"a\\nb"}\n',
  ]);
});
