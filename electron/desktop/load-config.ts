import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mergeConfig, parseSource, type ConfigSource, type LoadedConfig } from './config-sources.ts';
import { configFiles, readConfigFile } from './machine-file.ts';
import { readPolicy } from './windows-policy.ts';

const run = promisify(execFile);
const queryWithinMs = 5000;

export interface LoadConfigOptions {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this is an installed build; only a developer's takes settings from the environment. */
  readonly isPackaged: boolean;
  /** Where data goes unless something else is configured. */
  readonly defaultDataDir: string;
}

/** Defaults, the machine's file, policy, and while developing the environment: the last one wins. Throws `config.invalid`. */
export const loadConfig = async (options: LoadConfigOptions): Promise<LoadedConfig> => {
  const { platform, env, isPackaged, defaultDataDir } = options;
  const sources: ConfigSource[] = [{ name: 'defaults', values: { dataDir: defaultDataDir } }];
  for (const path of configFiles(platform, env)) sources.push(await readConfigFile(path, platform));
  if (platform === 'win32') {
    sources.push(
      await readPolicy(async (program, args) => {
        const { stdout } = await run(program, [...args], { timeout: queryWithinMs, windowsHide: true });
        return stdout;
      }),
    );
  }
  const inEnvironment = env['LATCHPOINT_CONFIG'];
  if (!isPackaged && inEnvironment !== undefined) sources.push(parseSource('environment', inEnvironment));
  return mergeConfig(sources);
};
