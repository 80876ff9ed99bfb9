import { readFile } from 'node:fs/promises';
import { parseKioskConfig, type KioskConfig } from '#kiosk/platform/config.ts';
import { logLevels, type LogLevel } from '#kiosk/platform/line-logger.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/models/json.ts';

export interface BrowserHostConfig {
  readonly kiosk: KioskConfig;
  /** Where that was read from. */
  readonly source: string;
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Whether the parent process may move the kiosk's clock. */
  readonly simulated: boolean;
  readonly logLevel: LogLevel;
}

/**
 * The kiosk's configuration is JSON, in the environment's `LATCHPOINT_CONFIG` or in the file that the first argument names;
 * `PORT`, `LATCHPOINT_SIMULATED` and `LATCHPOINT_LOG` are the host's own. Throws `config.invalid`, which never quotes
 * what it read: a configuration may hold a registration code.
 */
export const readBrowserHostConfig = async (
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): Promise<BrowserHostConfig> => {
  const { source, text } = await readSource(env, args);
  const value = parseJson(text);
  if (value === undefined) throw invalid(source, '', 'it is not JSON');
  const kiosk = parseKioskConfig(value, source);
  if (kiosk.updates)
    throw invalid(source, 'updates', 'is for the Debian package: nothing here could install them');
  return {
    kiosk,
    source,
    port: readPort(env['PORT'] ?? '0'),
    simulated: env['LATCHPOINT_SIMULATED'] === '1',
    logLevel: readLogLevel(env['LATCHPOINT_LOG'] ?? 'info'),
  };
};

const readSource = async (
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): Promise<{ source: string; text: string }> => {
  const inEnvironment = env['LATCHPOINT_CONFIG'];
  if (inEnvironment !== undefined) return { source: 'LATCHPOINT_CONFIG', text: inEnvironment };
  const [path] = args;
  if (path === undefined) {
    throw invalid('the command line', '', 'it names no configuration file, and LATCHPOINT_CONFIG is not set');
  }
  try {
    return { source: path, text: await readFile(path, 'utf8') };
  } catch {
    throw invalid(path, '', 'the file cannot be read');
  }
};

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw invalid('the environment', 'PORT', 'it must be a number from 0 to 65535');
  return port;
};

const readLogLevel = (text: string): LogLevel => {
  const level = logLevels.find((known) => known === text);
  if (!level) throw invalid('the environment', 'LATCHPOINT_LOG', `it must be one of ${logLevels.join(', ')}`);
  return level;
};

const invalid = (source: string, path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source, path, problem });
