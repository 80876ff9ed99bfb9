import { flipFuses } from '@electron/fuses';
import { join } from 'node:path';
import { fuses } from './fuses.ts';

/** What is used of electron-builder's context. */
interface PackContext {
  readonly appOutDir: string;
  readonly electronPlatformName: string;
  readonly packager: {
    readonly executableName?: string;
    readonly appInfo: { readonly productFilename: string };
  };
}

/** Called by electron-builder once the files lie in place: sets the fuses of the shipped binary. */
const afterPack = async ({ appOutDir, electronPlatformName, packager }: PackContext): Promise<void> => {
  const { productFilename } = packager.appInfo;
  const executable =
    electronPlatformName === 'win32'
      ? `${productFilename}.exe`
      : (packager.executableName ?? productFilename);
  await flipFuses(join(appOutDir, executable), fuses);
};

export default afterPack;
