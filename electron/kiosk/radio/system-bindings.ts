/**
 * Windows and macOS, where noble sits on the system's own stack: the native class of `@stoprocent/noble`, which is kept and comes
 * compiled, in the words of the noble that is used here.
 */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The class says `start` for what noble calls `init`; its other methods and its events have noble's names. */
interface NativeBindings extends EventEmitter {
  start(): void;
  init?: () => void;
}

type NativeClass = new () => NativeBindings;
type LoadCompiled = (folder: string) => Readonly<Record<string, NativeClass>>;

const nodeRequire = createRequire(import.meta.url);
const packageName = '@stoprocent/noble';

const classNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'NobleWinrt',
  darwin: 'NobleMac',
};

/** The bindings that noble is given. Throws on a system without a class, and where the compiled file is missing. */
export const openSystemBindings = (
  platform: NodeJS.Platform = process.platform,
  load = nodeRequire('node-gyp-build') as LoadCompiled,
): EventEmitter => {
  const name = classNames[platform];
  if (name === undefined) throw new Error(`no bindings for ${platform}`);
  const Native = load(dirname(nodeRequire.resolve(`${packageName}/package.json`)))[name];
  if (!Native) throw new Error(`${packageName} has no ${name}`);
  Object.setPrototypeOf(Native.prototype, EventEmitter.prototype);
  const bindings = new Native();
  bindings.init = () => bindings.start();
  return bindings;
};
