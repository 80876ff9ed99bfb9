/**
 * The resources of a Windows program. The library is loaded by hand: its types bring a browser's, which would hide Node's everywhere.
 */
import { createRequire } from 'node:module';

interface Entry {
  readonly type: string | number;
  readonly id: string | number;
  readonly bin: ArrayBuffer;
}
interface Resources {
  readonly entries: Entry[];
  outputResource(program: object): void;
}
interface VersionInfo {
  lang: number | string;
  setFileVersion(version: string): void;
  setStringValues(language: object, values: Readonly<Record<string, string>>): void;
  outputToResourceEntries(entries: Entry[]): void;
}
interface Library {
  readonly NtExecutable: {
    createEmpty(is32Bit: boolean, isLibrary: boolean): { generate(): ArrayBuffer };
    from(bytes: Uint8Array, options: { readonly ignoreCert: boolean }): object;
  };
  readonly NtExecutableResource: { from(program: object): Resources };
  readonly Resource: { readonly VersionInfo: { createEmpty(): VersionInfo } };
}

const { NtExecutable, NtExecutableResource, Resource } = createRequire(import.meta.url)('resedit') as Library;
const language = { lang: 1033, codepage: 1200 } as const;

/** A program of no use, with `payload` at its end: enough for what edits resources and reads fuses. `version`: three numbers. */
export const standInProgram = (payload: Buffer, version: string): Buffer => {
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program);
  const info = Resource.VersionInfo.createEmpty();
  info.lang = language.lang;
  info.setFileVersion(version);
  info.setStringValues(language, { ProductName: 'stand-in for Electron' });
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  return Buffer.concat([Buffer.from(program.generate()), payload]);
};

/** What the program knows of its archive, which Windows' Electron checks; empty where it knows nothing. */
export const archiveIntegrity = (program: Uint8Array): string => {
  const { entries } = NtExecutableResource.from(NtExecutable.from(program, { ignoreCert: true }));
  const entry = entries.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
  return entry ? Buffer.from(entry.bin).toString() : '';
};
