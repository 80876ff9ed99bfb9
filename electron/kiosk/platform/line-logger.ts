import type { LogFields, Logger } from '#shared/flow/logger.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

const longestValue = 400;

export interface LineLoggerOptions {
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly level: LogLevel;
}

/**
 * One line of JSON per event: time, level, event, fields. Values are cut at 400 characters; line ends are escaped. A field takes no
 * name from the three: what happened is always told.
 */
export const createLineLogger = ({ write, now, level }: LineLoggerOptions): Logger => {
  const least = logLevels.indexOf(level);
  const at = (name: LogLevel) => (event: string, fields?: LogFields) => {
    if (logLevels.indexOf(name) < least) return;
    const time = new Date(now()).toISOString();
    const own = { time, level: name, event };
    write(JSON.stringify({ ...own, ...shorten(fields ?? {}), ...own }));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

const shorten = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, longestValue) : value,
    ]),
  );
