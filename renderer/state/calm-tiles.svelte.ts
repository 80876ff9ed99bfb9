/** The Counter's order of tiles, kept up with the locks and the person's finger. */
import { untrack } from 'svelte';
import type { LockTile } from '#shared/ipc/views.ts';
import { createTileOrder } from './tile-order.ts';

/** For how long nothing moves after a tap, in ms. */
const afterTapMs = 1_000;

export interface CalmTiles {
  /** Serial numbers of the locks that are or were in range, in the order of their tiles. */
  readonly serialNumbers: readonly string[];
}

/** Has to be called while a component is being made; it stops with the component. */
export const createCalmTiles = (locks: () => readonly LockTile[]): CalmTiles => {
  const order = createTileOrder();
  let down = false;
  let heldUntil = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The locks as they were last arranged; null while they were held. */
  let arrangedOf: readonly LockTile[] | null = null;
  const arrange = (): readonly string[] => {
    const now = performance.now();
    const held = down || now < heldUntil;
    const all = untrack(locks);
    const arranged = order.update(all, held);
    arrangedOf = held ? null : all;
    clearTimeout(timer);
    if (held && !down) timer = setTimeout(update, Math.max(0, heldUntil - now) + 1);
    return arranged;
  };
  let serialNumbers = $state.raw(arrange());
  const update = (): void => {
    serialNumbers = arrange();
  };
  const press = (): void => {
    down = true;
  };
  const release = (): void => {
    down = false;
    heldUntil = performance.now() + afterTapMs;
    update();
  };

  $effect(() => {
    if (locks() !== arrangedOf) update();
  });
  $effect(() => {
    window.addEventListener('pointerdown', press, true);
    window.addEventListener('pointerup', release, true);
    window.addEventListener('pointercancel', release, true);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', press, true);
      window.removeEventListener('pointerup', release, true);
      window.removeEventListener('pointercancel', release, true);
    };
  });

  return {
    get serialNumbers() {
      return serialNumbers;
    },
  };
};
