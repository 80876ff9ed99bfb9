/** Tells the core which lock a person seems about to open: at once under a finger, after a moment under a pointer. */

/** A pointer that only passes over a tile, or a focus that only moves on, is no wish. In ms. */
const lingerMs = { pointer: 120, focus: 300 } as const;
/** Asking again sooner brings nothing: the core holds a lock for some seconds. In ms. */
const againAfterMs = 4_000;

export interface Preparing {
  /** A finger is down on the tile. */
  press(serialNumber: string): void;
  /** A pointer or the focus is on the tile. */
  linger(serialNumber: string, by: keyof typeof lingerMs): void;
  /** It has left again. */
  leave(): void;
}

export interface PreparingPorts {
  readonly prepare: (serialNumber: string) => void;
  /** Any clock in ms that only grows. */
  readonly now: () => number;
  /** Runs `task` after `ms`; returns how to cancel it. */
  readonly after: (ms: number, task: () => void) => () => void;
}

export const createPreparing = ({ prepare, now, after }: PreparingPorts): Preparing => {
  let last: { readonly serialNumber: string; readonly at: number } | null = null;
  let cancel = (): void => undefined;

  const press = (serialNumber: string): void => {
    cancel();
    if (last?.serialNumber === serialNumber && now() - last.at < againAfterMs) return;
    last = { serialNumber, at: now() };
    prepare(serialNumber);
  };

  return {
    press,
    linger: (serialNumber, by) => {
      cancel();
      cancel = after(lingerMs[by], () => press(serialNumber));
    },
    leave: () => cancel(),
  };
};
