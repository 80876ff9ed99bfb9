/**
 * Lets tiles glide to their new places, where few enough of them are there for it: measuring hundreds costs more
 * than a frame has.
 */
const mostTiles = 60;

export interface Moves {
  /** Where the tiles are; to be called right before they change their places. */
  before(tiles: ArrayLike<Element>): void;
  /** To be called right after it: whoever is elsewhere now comes from where it was. */
  after(): void;
}

export const createMoves = (durationMs: number): Moves => {
  const places = new Map<Element, DOMRect>();
  return {
    before: (tiles) => {
      places.clear();
      if (durationMs === 0 || tiles.length > mostTiles) return;
      for (const tile of Array.from(tiles)) places.set(tile, tile.getBoundingClientRect());
    },
    after: () => {
      for (const [tile, from] of places) {
        if (!tile.isConnected) continue;
        const to = tile.getBoundingClientRect();
        if (to.x === from.x && to.y === from.y) continue;
        const start = { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` };
        tile.animate([start, { transform: 'none' }], {
          duration: durationMs,
          easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)',
        });
      }
      places.clear();
    },
  };
};
