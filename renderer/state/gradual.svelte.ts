/**
 * Draws a long list little by little: what a person sees at first is there in the first frame, and each frame after it adds as
 * much as it can without being late.
 */

/** More tiles than the largest screen shows at once are there at once; a frame draws as many again. */
const atOnce = 24;

export interface Gradual {
  /** How many of the list are to be drawn now. */
  readonly count: number;
}

/** Begins anew whenever `about` is another one. Has to be called while a component is being made. */
export const createGradual = (length: () => number, about: () => unknown): Gradual => {
  let drawn = $state(atOnce);
  let last: unknown = about();
  let before = length();
  $effect.pre(() => {
    const now = about();
    const wanted = length();
    // What is left of a longer list is there already.
    if (now !== last && wanted > before) drawn = atOnce;
    last = now;
    before = wanted;
  });
  $effect(() => {
    if (drawn >= length()) return;
    const frame = requestAnimationFrame(() => (drawn += atOnce));
    return () => cancelAnimationFrame(frame);
  });
  return {
    get count() {
      return drawn;
    },
  };
};
