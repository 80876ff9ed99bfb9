/** Everything outside of the process that the backend leans on, so that a test can stand in for it. */
import type { Timer } from '#shared/flow/in-time.ts';

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

/** `fields` are plain values: never a key, a certificate, an enrolment code, a PIN or a token. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

/** One line of JSON per event, so that any collector can read it. */
export const createLineLogger = (write: (line: string) => void, now: () => number): Logger => {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}): void =>
      write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`);
  return { info: log('info'), warn: log('warn'), error: log('error') };
};

export const systemPorts = (logger: Logger): BackendPorts => ({
  now: () => Date.now(),
  jitter: () => Math.random(),
  fetch: (url, init) => fetch(url, init),
  logger,
});
