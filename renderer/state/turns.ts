/** Whose turn it is at the radio: the kiosk opens one lock at a time, in the order in which they were tapped. */
export interface Turn {
  /** Resolves with true when the turn comes, with false when it was given up before. */
  readonly comes: Promise<boolean>;
  /** Gives the turn up, or ends it. Repeating it does nothing. */
  end(): void;
}

export interface Turns {
  take(): Turn;
  /** Gives up all that wait, and says how many they were; who has the turn keeps it. */
  clear(): number;
}

interface Waiting {
  readonly answer: (comes: boolean) => void;
}

export const createTurns = (): Turns => {
  let line: readonly Waiting[] = [];
  const leave = (one: Waiting): void => {
    const wasFirst = line[0] === one;
    line = line.filter((other) => other !== one);
    one.answer(false);
    if (wasFirst) line[0]?.answer(true);
  };
  return {
    take: () => {
      let answer: (comes: boolean) => void = () => undefined;
      const comes = new Promise<boolean>((resolve) => (answer = resolve));
      const own: Waiting = { answer };
      line = [...line, own];
      if (line.length === 1) answer(true);
      return { comes, end: () => leave(own) };
    },
    clear: () => {
      const waiting = line.slice(1);
      for (const one of waiting) leave(one);
      return waiting.length;
    },
  };
};
