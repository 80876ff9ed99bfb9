/** A point at which others act, and are waited for. */

export interface Hook<T> {
  /** From now on `act` is called each time, after those that were added before. */
  add(act: (value: T) => unknown): void;
  /** Calls one after the other and waits for each, whatever comes of it. Rejects then with the first failure. */
  run(value: T): Promise<void>;
}

export const createHook = <T = void>(): Hook<T> => {
  const acts: ((value: T) => unknown)[] = [];
  return {
    add: (act) => void acts.push(act),
    run: async (value) => {
      const failures: unknown[] = [];
      for (const act of acts) {
        try {
          await act(value);
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
};
