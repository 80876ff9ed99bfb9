import { expect, test } from 'vitest';
import { createEarlyStarts } from './early-starts.ts';

const known = {
  handles: {
    range: { start: 8, end: 20 },
    values: { info: 10, enrolment: 12, certificate: 14, tx: 16, rx: 18 },
    rxConfiguration: 19,
  },
  frameSize: 244,
};
const lock = '0000051a00000005';

test('what a lock has offered is forgotten at its own peer alone: one in its name takes nothing from it', () => {
  const written: string[] = [];
  const earlyStarts = createEarlyStarts({
    owner: () => 'kiosk',
    read: () => Promise.resolve(null),
    write: (text) => written.push(text),
  });
  earlyStarts.remember(lock, 'its own', known);
  earlyStarts.forget(lock, 'another');
  expect([earlyStarts.of(lock, 'its own'), written.length]).toMatchObject([known, 1]);
  earlyStarts.forget(lock, 'its own');
  expect([earlyStarts.of(lock, 'its own'), written.length]).toEqual([null, 2]);
});
