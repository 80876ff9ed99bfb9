import { flipFuses } from '@electron/fuses';
import { join } from 'node:path';
import { Arch } from 'electron-builder';
import { fuses } from './fuses.ts';
import { insistOnNativeFile } from './native-files.ts';

/** What is used of electron-builder's context. */
interface PackContext {
  readonly appOutDir: string;
  readonly electronPlatformName: string;
  readonly arch: Arch;
  readonly packager: {
    readonly executableName?: string;
    readonly appInfo: { readonly productFilename: string };
  };
}

/** Called by electron-builder once the files lie in place: sets the fuses of the shipped binary, and insists on its radio. */
const afterPack = async ({ appOutDir, electronPlatformName, arch, packager }: PackContext): Promise<void> => {
  insistOnNativeFile(appOutDir, `${electronPlatformName}-${Arch[arch]}`);
  const { productFilename } = packager.appInfo;
  const executable =
    electronPlatformName === 'win32'
      ? `${productFilename}.exe`
      : (packager.executableName ?? productFilename);
  await flipFuses(join(appOutDir, executable), fuses);
};

export default afterPack;
