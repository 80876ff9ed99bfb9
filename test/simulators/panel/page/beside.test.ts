import { expect, it } from 'vitest';
import { besidePanel } from './beside.ts';

const screen = { left: 0, top: 24, width: 1920, height: 1056 };

it.each([
  ['the panel on the left', { left: 0, width: 900 }, 'popup,left=900,top=24,width=1020,height=1056'],
  ['the panel on the right', { left: 1000, width: 920 }, 'popup,left=0,top=24,width=1000,height=1056'],
  [
    'the panel over all of the screen',
    { left: 0, width: 1920 },
    'popup,left=1280,top=24,width=640,height=1056',
  ],
  ['much room', { left: 0, width: 300 }, 'popup,left=640,top=24,width=1280,height=1056'],
])('%s', (_name, panel, features) => {
  expect(besidePanel({ screen, panel })).toBe(features);
});

it('is never wider than the screen, and stays on its own screen', () => {
  const small = { left: 1920, top: 0, width: 600, height: 400 };
  expect(besidePanel({ screen: small, panel: { left: 1920, width: 600 } })).toBe(
    'popup,left=1920,top=0,width=600,height=400',
  );
});
