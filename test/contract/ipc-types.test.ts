/** The contract's types: a handler or a channel that is missing, or of the wrong shape, does not type-check. */
import { expectTypeOf, it } from 'vitest';
import type { KioskApi } from '#kiosk/ipc/api.ts';
import type { Result } from '#shared/errors/app-error.ts';
import type { CallName, CallOutput, StreamName } from '#shared/ipc/contract.ts';
import type { PageApi } from '#shared/ipc/page-api.ts';
import type { callChannel, streamChannel } from '../../electron/desktop/channels.ts';

type Calls = KioskApi['calls'];

it('asks for a handler of every call and a source of every stream', () => {
  expectTypeOf<keyof Calls>().toEqualTypeOf<CallName>();
  expectTypeOf<keyof KioskApi['streams']>().toEqualTypeOf<StreamName>();
  expectTypeOf<Omit<Calls, 'unlock'>>().not.toExtend<Calls>();
});

it('ties each handler to its own input and output', () => {
  expectTypeOf<Parameters<Calls['askLock']>[0]>().toEqualTypeOf<{ serialNumber: string }>();
  expectTypeOf<ReturnType<Calls['askLock']>>().toEqualTypeOf<Promise<Result<CallOutput<'askLock'>>>>();
  expectTypeOf<Omit<Calls, 'unlock'> & { unlock: Calls['touch'] }>().not.toExtend<Calls>();
});

it('gives the page a function, and Electron a channel, for each of them', () => {
  expectTypeOf<keyof PageApi['calls']>().toEqualTypeOf<CallName>();
  expectTypeOf<Parameters<typeof callChannel>>().toEqualTypeOf<[CallName]>();
  expectTypeOf<Parameters<typeof streamChannel>>().toEqualTypeOf<[StreamName]>();
});
