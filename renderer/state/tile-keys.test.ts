import { describe, expect, it } from 'vitest';
import { tileAfterKey } from './tile-keys.ts';

/** Three in a row, three rows, the last with one; then another grid further down. */
const boxes = [0, 1, 2, 3, 4, 5, 6].map((n) => ({ left: (n % 3) * 300, top: Math.floor(n / 3) * 176 }));

describe('arrow keys in a grid of tiles', () => {
  it.each([
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 3],
    [6, 'ArrowRight', null],
    [0, 'ArrowLeft', null],
    [4, 'ArrowLeft', 3],
    [1, 'ArrowDown', 4],
    [4, 'ArrowDown', 6],
    [6, 'ArrowDown', null],
    [5, 'ArrowUp', 2],
    [1, 'ArrowUp', null],
    [4, 'Home', 0],
    [4, 'End', 6],
    [4, 'Enter', null],
    [9, 'ArrowUp', null],
  ] as const)('from tile %d, %s leads to %s', (at, key, to) => {
    expect(tileAfterKey(boxes, at, key, 'ltr')).toBe(to);
  });

  it('lead to the same side as the key points to, also where reading begins at the right', () => {
    const mirrored = boxes.map(({ left, top }) => ({ left: 600 - left, top }));
    expect(tileAfterKey(mirrored, 1, 'ArrowLeft', 'rtl')).toBe(2);
    expect(tileAfterKey(mirrored, 1, 'ArrowRight', 'rtl')).toBe(0);
    expect(tileAfterKey(mirrored, 1, 'ArrowDown', 'rtl')).toBe(4);
  });
});
