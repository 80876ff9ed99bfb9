/** Where the Debian package has updates of its own handed over (build/packaging/linux/latchpoint-update.sh names the same places). */
import { lstat } from 'node:fs/promises';
import type { KioskConfig } from '#kiosk/platform/config.ts';
import { takeBack } from '#kiosk/updates/hand-over.ts';
import type { UpdatesHost } from '#kiosk/updates/host.ts';
import { updateKeyOf } from '#kiosk/updates/proof.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { readTrustedFile } from './machine-file.ts';

/** Beside the machine's file: IT's public key. */
export const updateKeyFile = '/etc/latchpoint/update-key.pem';
/** In the home of the kiosk's account. */
export const updatesFolder = '/var/lib/latchpoint/updates';
const resultFile = '/var/lib/latchpoint-update/result';
const stepFile = '/var/lib/latchpoint-update/step';

interface UpdatesHostInput {
  readonly config: Pick<KioskConfig, 'updates'>;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly keyFile?: string;
  readonly folder?: string;
}

const isLink = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null))?.isSymbolicLink() === true;

/** undefined where no channel is configured. Throws `config.invalid` where one is and cannot be used here. */
export const openUpdatesHost = async (input: UpdatesHostInput): Promise<UpdatesHost | undefined> => {
  const { config, version, platform, arch, keyFile = updateKeyFile, folder = updatesFolder } = input;
  if (!config.updates) {
    // Handed over while they were set, it would be installed still.
    await takeBack(folder).catch(() => undefined);
    return undefined;
  }
  if (platform !== 'linux') {
    const problem = 'is for the Debian package: on this system updates are pushed';
    throw new AppFailure('config.invalid', { source: 'configuration', path: 'updates', problem });
  }
  // What installs takes no link either: whoever may write to where it leads decides whom the kiosk trusts.
  if (await isLink(keyFile)) {
    const problem = 'it is a link: put the file itself there';
    throw new AppFailure('config.invalid', { source: keyFile, path: '', problem });
  }
  const pem = await readTrustedFile(keyFile, platform);
  const key = pem === null ? null : updateKeyOf(pem);
  if (!key) {
    const problem = pem === null ? 'it is not there, and updates are set' : 'it holds no Ed25519 public key';
    throw new AppFailure('config.invalid', { source: keyFile, path: '', problem });
  }
  return { key, version, platform: `${platform}-${arch}`, folder, resultFile, stepFile };
};
