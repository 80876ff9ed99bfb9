import { expect, it } from 'vitest';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { ManualClock } from './manual-clock.ts';
import { stopWithin } from './stop-within.ts';

it('stops part after part, and leaves behind what hangs or fails', async () => {
  const clock = new ManualClock();
  const logger = createRecordingLogger();
  const order: string[] = [];
  const steps = [
    { name: 'page', stop: () => Promise.resolve(void order.push('page')) },
    { name: 'radio', stop: () => new Promise<void>(() => order.push('radio')) },
    { name: 'disk', stop: () => Promise.reject(new Error('gone')) },
    { name: 'kiosk', stop: () => Promise.resolve(void order.push('kiosk')) },
  ];
  const stopped = stopWithin(steps, 4000, { clock, logger });
  await clock.advance(3999);
  expect(order).toEqual(['page', 'radio']);
  await clock.advance(1);
  await stopped;
  expect(order).toEqual(['page', 'radio', 'kiosk']);
  expect(logger.lines.map(({ fields }) => fields)).toEqual([
    { part: 'radio', outcome: 'too late' },
    { part: 'disk', outcome: 'failed' },
  ]);
});
