/** What comes over a socket, as it is waited for. */
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Gathers what a socket says, and resolves once a pattern is in it. */
export const listenTo = (socket: Socket) => {
  let said = '';
  let heard: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    heard();
  });
  socket.on('error', () => undefined);
  return async (pattern: RegExp, withinMs: number): Promise<RegExpExecArray | null> => {
    const until = performance.now() + withinMs;
    for (;;) {
      const found = pattern.exec(said);
      if (found) {
        said = said.slice(found.index + found[0].length);
        return found;
      }
      const left = until - performance.now();
      if (left <= 0) return null;
      const stop = new AbortController();
      const news = new Promise<void>((resolve) => (heard = resolve));
      await Promise.race([news, wait(left, undefined, { signal: stop.signal }).catch(() => undefined)]);
      stop.abort();
    }
  };
};
