/** One way to end: what was begun is ended in reverse, each part within a bound, whatever the others do. */
import { describeThrown } from '../errors/thrown.ts';
import { inTime, type Timer } from './in-time.ts';

/** A part that did not end in time, or failed; in words for a log. */
export type LeftBehind = Readonly<Record<string, string>> & { readonly part: string };

/** What was begun, and how it is ended. `await using` ends it, unless it has moved on. */
export interface Ending extends AsyncDisposable {
  /** `end` is called, and waited for, when all that was begun later has ended. What is begun after the end is ended at once. */
  defer(part: string, end: () => unknown): void;
  /** The same for a part that has `dispose`; returns it. */
  adopt<T extends { dispose(): unknown }>(part: string, begun: T): T;
  /** Whatever is deferred by now is this one's no more, and that one's to end. */
  move(): Ending;
  /** Ends everything, once, also what is begun meanwhile. Resolves with what was left behind; never rejects. */
  end(): Promise<readonly LeftBehind[]>;
}

export interface EndingOptions {
  readonly timer: Timer;
  /** How long a part may take, ms: then it is left behind. */
  readonly eachMs: number;
  /** Told of each part at once. */
  readonly onLeftBehind?: (left: LeftBehind) => void;
}

export const createEnding = (options: EndingOptions, stack = new AsyncDisposableStack()): Ending => {
  const { timer, eachMs, onLeftBehind } = options;
  const left: LeftBehind[] = [];
  let ended: Promise<unknown> | null = null;

  const leave = (each: LeftBehind): void => {
    left.push(each);
    onLeftBehind?.(each);
  };
  const endOne = async (part: string, end: () => unknown): Promise<void> => {
    try {
      const done = Promise.resolve(end());
      await inTime({ timer, ms: eachMs }, done, () => leave({ part, outcome: 'too late' }));
    } catch (thrown) {
      leave({ part, outcome: 'failed', ...describeThrown(thrown) });
    }
  };
  const defer = (part: string, end: () => unknown): void => {
    if (ended) ended = Promise.all([ended, endOne(part, end)]);
    else stack.defer(() => endOne(part, end));
  };
  const begin = (): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    // Before the first part is ended, which may begin another, or ask for the end.
    ended = promise;
    resolve(stack.disposeAsync());
    return ended;
  };
  const end = async (): Promise<readonly LeftBehind[]> => {
    ended ??= begin();
    // What is begun while it is waited for is waited for, too.
    for (let waited: unknown; waited !== ended; await waited) waited = ended;
    return left;
  };
  return {
    defer,
    adopt: (part, begun) => {
      defer(part, () => begun.dispose());
      return begun;
    },
    move: () => createEnding(options, stack.move()),
    end,
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
};
