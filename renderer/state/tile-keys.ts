/** Arrow keys in a grid of tiles: to the one beside, above or below, where there is one; Home and End to the first and the last. */

/** Where a tile is on the page, in px. */
export interface TileBox {
  readonly left: number;
  readonly top: number;
}

/**
 * The place, in the same order, of the tile that a key leads to from tile `at`; null where the key or the way is none. `direction`: to
 * which side the tiles follow one another.
 */
export const tileAfterKey = (
  boxes: readonly TileBox[],
  at: number,
  key: string,
  direction: 'ltr' | 'rtl',
): number | null => {
  const from = boxes[at];
  if (!from) return null;
  const last = boxes.length - 1;
  switch (key) {
    case direction === 'ltr' ? 'ArrowRight' : 'ArrowLeft':
      return at < last ? at + 1 : null;
    case direction === 'ltr' ? 'ArrowLeft' : 'ArrowRight':
      return at > 0 ? at - 1 : null;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowDown':
      return nearestInRow(boxes, from, Math.min(...tops(boxes).filter((top) => top > from.top)));
    case 'ArrowUp':
      return nearestInRow(boxes, from, Math.max(...tops(boxes).filter((top) => top < from.top)));
    default:
      return null;
  }
};

const tops = (boxes: readonly TileBox[]): number[] => boxes.map(({ top }) => top);

const nearestInRow = (boxes: readonly TileBox[], from: TileBox, row: number): number | null => {
  let nearest: number | null = null;
  boxes.forEach(({ left, top }, at) => {
    if (top !== row) return;
    const best = nearest === null ? Infinity : Math.abs((boxes[nearest]?.left ?? Infinity) - from.left);
    if (Math.abs(left - from.left) < best) nearest = at;
  });
  return nearest;
};
