/**
 * Draws a long list little by little: what a person sees at first is there in the first frame, and each one after it adds as
 * much as it can without being late.
 */
import type { LockTile } from '#shared/ipc/views.ts';
import { createPortions } from './portion.ts';

export interface Gradual {
  /** What of the list is to be drawn now. */
  readonly drawn: readonly LockTile[];
}

/** Once the next frame is on the screen: work that began before it would only keep it back. */
const afterFrame = (task: () => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(task);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
};

/** Has to be called while a component is being made. */
export const createGradual = (list: () => readonly LockTile[]): Gradual => {
  const portions = createPortions<LockTile>();
  let frame = $state(0);
  const drawn = $derived(portions.at(frame, list()));
  $effect(() => {
    portions.keep(drawn);
    return drawn.length < list().length ? afterFrame(() => (frame += 1)) : undefined;
  });
  return {
    get drawn() {
      return drawn;
    },
  };
};
