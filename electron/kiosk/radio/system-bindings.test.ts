/** The class of the systems' own stacks, as noble uses it. The real one runs on Windows and macOS alone. */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type { Noble } from './noble-types.ts';
import { openSystemBindings } from './system-bindings.ts';

const nodeRequire = createRequire(import.meta.url);
const makeNoble = nodeRequire('@abandonware/noble/with-bindings') as (bindings: EventEmitter) => Noble;

/** As the native class is: methods of its own, and nothing of an emitter before it is given that. */
class NativeClass {
  declare emit?: (event: string, ...values: readonly unknown[]) => boolean;
  start(): void {
    this.emit?.('stateChange', 'poweredOn');
  }
}

const load = (folder: string): Record<string, never> => {
  expect(folder).toMatch(/@stoprocent[\\/]noble$/);
  return { NobleWinrt: NativeClass, NobleMac: NativeClass } as never;
};

it.each(['win32', 'darwin'] as const)('on %s noble starts the native class and hears it', (platform) => {
  const noble = makeNoble(openSystemBindings(platform, load));
  expect(noble.state).toBe('poweredOn');
});

it('a system without a class, and one whose compiled file is missing, are said', () => {
  expect(() => openSystemBindings('aix', load)).toThrow('no bindings for aix');
  expect(() => openSystemBindings('win32', () => ({}))).toThrow('has no NobleWinrt');
});
