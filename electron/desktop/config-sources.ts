import { parseKioskConfig, type KioskConfig } from '#kiosk/platform/config.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/models/json.ts';

export interface ConfigSource {
  /** A name for diagnostics: a path, "policy", "environment", "defaults". */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface LoadedConfig {
  readonly config: KioskConfig;
  /** Where each setting's value came from. */
  readonly origins: Readonly<Record<string, string>>;
}

/** Merges the sources, the last one wins setting by setting. Throws `config.invalid`, naming the source that is wrong. */
export const mergeConfig = (sources: readonly ConfigSource[]): LoadedConfig => {
  const merged: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const { name, values } of sources) {
    for (const [setting, value] of Object.entries(values)) {
      merged[setting] = value;
      origins[setting] = name;
    }
  }
  try {
    return { config: parseKioskConfig(merged, 'configuration'), origins };
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const setting = String(error.error.params['path'] ?? '').split('.')[0] ?? '';
    const source = origins[setting] ?? sources.map(({ name }) => name).join(', ');
    throw new AppFailure('config.invalid', { ...error.error.params, source }, { cause: error });
  }
};

/** Parses a source's JSON text: an object, or `config.invalid` that does not quote it. */
export const parseSource = (name: string, text: string): ConfigSource => {
  const value = parseJson(text);
  if (value === undefined)
    throw new AppFailure('config.invalid', { source: name, path: '', problem: 'it is not JSON' });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppFailure('config.invalid', { source: name, path: '', problem: 'it is not a JSON object' });
  }
  return { name, values: Object.fromEntries(Object.entries(value)) };
};
