/**
 * One logger for every part. `fields` are plain values: never a key, a certificate, an enrolment code, a PIN or a token.
 * The `event` is a short constant ("radio restarted"), so that logs can be searched.
 */
export interface Logger {
  /** For who looks for a fault, of a lock's driver for one: written only where a host was told to. */
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where nobody reads a log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
