/** What goes before the kiosk: its settings, and its secret store, which takes a third of a second to derive a passphrase's key. */
import { ownerOnlyUmask } from '#kiosk/platform/owner-only.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { dataKeyPaths } from '#kiosk/vault/data-key-paths.ts';
import { createPassphraseFileStore } from '#kiosk/vault/passphrase-file-store.ts';
import type { SecretStore } from '#kiosk/vault/port.ts';
import { readBrowserHostConfig, type BrowserHostConfig } from './read-config.ts';

export interface Prepared extends BrowserHostConfig {
  readonly secretStore: SecretStore | null;
}

/** Rejects with `config.invalid`. */
export const prepare = async (): Promise<Prepared> => {
  process.umask(ownerOnlyUmask);
  const config = await readBrowserHostConfig(process.env, process.argv.slice(2));
  // What this process forks has no use for the configuration, which may hold a registration code.
  delete process.env['LATCHPOINT_CONFIG'];
  const { passphraseFile: path, dataDir } = config.kiosk;
  const [deriveFor] = dataKeyPaths(dataDir);
  const secretStore =
    path === undefined ? null : await createPassphraseFileStore({ path, random: systemRandom, deriveFor });
  return { ...config, secretStore };
};
