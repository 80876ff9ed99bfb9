import { expect, it } from 'vitest';
import { createHeldFrames } from './held-frames.ts';

const heardBy = (frames$: ReturnType<typeof createHeldFrames>['frames$']): number[] => {
  const heard: number[] = [];
  frames$.subscribe((frame) => heard.push(frame[0] ?? -1));
  return heard;
};

it('gives whoever listens first what came before, in order, and the next one what comes from then on', () => {
  const frames = createHeldFrames();
  frames.next(Uint8Array.of(1));
  frames.next(Uint8Array.of(2));
  const first = heardBy(frames.frames$);
  const second = heardBy(frames.frames$);
  frames.next(Uint8Array.of(3));
  expect({ first, second }).toEqual({ first: [1, 2, 3], second: [3] });
});

it('holds no more than one message can have', () => {
  const frames = createHeldFrames();
  for (let sent = 0; sent < 200; sent += 1) frames.next(Uint8Array.of(sent));
  expect(heardBy(frames.frames$)).toHaveLength(128);
});
