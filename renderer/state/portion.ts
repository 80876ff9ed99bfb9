/** How much of a long list the next frame draws: what is drawn already stays, and of the rest only as much as a frame has time for. */

/** As many as the smallest screens show at once; others have the rest a frame or two later, which nobody sees. */
export const mostNew = 12;

/** `list` without what is neither among the first `mostNew` new ones nor `drawn` already, in its own order. */
export const nextPortion = <T extends { readonly serialNumber: string }>(
  list: readonly T[],
  drawn: ReadonlySet<string>,
): readonly T[] => {
  let added = 0;
  const portion = list.filter(({ serialNumber }) => {
    if (drawn.has(serialNumber)) return true;
    added += 1;
    return added <= mostNew;
  });
  return portion.length === list.length ? list : portion;
};

export interface Portions<T> {
  /** What the frame with this number is to draw of the list. */
  at(frame: number, list: readonly T[]): readonly T[];
  /** That has been drawn, and nothing else is. */
  keep(drawn: readonly T[]): void;
}

export const createPortions = <T extends { readonly serialNumber: string }>(): Portions<T> => {
  let drawn: ReadonlySet<string> = new Set();
  return {
    at: (_frame, list) => nextPortion(list, drawn),
    keep: (now) => {
      drawn = new Set(now.map(({ serialNumber }) => serialNumber));
    },
  };
};
