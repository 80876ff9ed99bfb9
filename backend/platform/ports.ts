/** Everything outside of the process that the backend leans on, so that a test can stand in for it. */
import type { Timer } from '#shared/flow/in-time.ts';
import type { LogFields, Logger } from '#shared/flow/logger.ts';

export interface BackendPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1): spreads retries, never makes a secret. */
  jitter(): number;
  fetch(url: string, init: RequestInit): Promise<Response>;
  readonly logger: Logger;
}

/** Real time, for those who wait for something outside of the process. */
export const systemTimer: Timer = {
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * One line of JSON per event, so that any collector can read it. A field takes no name from its time, level and event: what happened
 * is always told.
 */
export const createJsonLogger = (write: (line: string) => void, now: () => number): Logger => {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}): void => {
      const own = { at: new Date(now()).toISOString(), level, event };
      write(`${JSON.stringify({ ...own, ...fields, ...own })}\n`);
    };
  return { debug() {}, info: log('info'), warn: log('warn'), error: log('error') };
};

export const systemPorts = (logger: Logger): BackendPorts => ({
  now: () => Date.now(),
  jitter: () => Math.random(),
  fetch: (url, init) => fetch(url, init),
  logger,
});
