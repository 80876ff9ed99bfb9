import type { ConfigSource } from './config-sources.ts';

export const policyKey = 'HKLM\\Software\\Policies\\Latchpoint';

/** The policy's value names (build/packaging/windows/latchpoint.admx) and the settings that they are. */
const settings: Readonly<Record<string, string>> = {
  BackendUrl: 'backendUrl',
  DataDir: 'dataDir',
  KioskName: 'kioskName',
  PassphraseFile: 'passphraseFile',
};

/** Reads what `reg query` prints for the policy's key; lines of other types and names are passed over. */
export const parsePolicy = (printed: string): ConfigSource => {
  const values: Record<string, string> = {};
  for (const line of printed.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^\s{4}(\w+)\s+REG_(?:EXPAND_)?SZ\s+(.*)$/.exec(line) ?? [];
    const setting = settings[name];
    if (setting !== undefined && value.trim() !== '') values[setting] = value.trim();
  }
  return { name: 'policy', values };
};

/** `query` runs a program and resolves with what it printed; it rejects when the key does not exist. */
export const readPolicy = async (
  query: (program: string, args: readonly string[]) => Promise<string>,
): Promise<ConfigSource> => {
  const printed = await query('reg', ['query', policyKey, '/reg:64']).catch(() => '');
  return parsePolicy(printed);
};
