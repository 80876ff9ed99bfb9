/** The fuses of a packaged binary, against what was decided. */
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { fuses as decided } from '../../build/packaging/fuses.ts';
import type { Finding } from './subject.ts';

export const fuseNames = [
  'RunAsNode',
  'EnableCookieEncryption',
  'EnableNodeOptionsEnvironmentVariable',
  'EnableNodeCliInspectArguments',
  'EnableEmbeddedAsarIntegrityValidation',
  'OnlyLoadAppFromAsar',
  'LoadBrowserProcessSpecificV8Snapshot',
  'GrantFileProtocolExtraPrivileges',
  'WasmTrapHandlers',
] as const satisfies readonly (keyof typeof FuseV1Options)[];
export type FuseName = (typeof fuseNames)[number];

const words: Readonly<Record<number, string>> = {
  [FuseState.DISABLE]: 'off',
  [FuseState.ENABLE]: 'on',
  [FuseState.REMOVED]: 'removed',
  [FuseState.INHERIT]: 'left to its default',
};

const stateOf = async (executable: string, name: FuseName): Promise<string> => {
  const wire = await getCurrentFuseWire(executable);
  return words[Number(wire[FuseV1Options[name]])] ?? 'not there';
};

export const checkFuse = async (executable: string, name: FuseName): Promise<Finding> => {
  const wanted = decided[FuseV1Options[name]] ? 'on' : 'off';
  const state = await stateOf(executable, name);
  return { ok: state === wanted, seen: state === wanted ? state : `${state}, and is to be ${wanted}` };
};

/** Fuses of the wire that are neither on nor off, and any that this list does not know. */
export const undecided = async (executable: string): Promise<string[]> => {
  const wire = await getCurrentFuseWire(executable);
  const indexes = Object.keys(wire).filter((key) => /^\d+$/.test(key));
  const known = fuseNames.map((name) => String(FuseV1Options[name]));
  const left = [...new Set([...indexes, ...known])].filter((index) => {
    const state: unknown = Reflect.get(wire, index);
    return !known.includes(index) || (state !== FuseState.ENABLE && state !== FuseState.DISABLE);
  });
  return left.map((index) => `fuse ${index} is not decided`);
};
