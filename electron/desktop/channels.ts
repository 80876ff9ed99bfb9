/** Names of the IPC channels: one per call and one per stream of the contract, four for the rest. */
import type { CallName, StreamName } from '#shared/ipc/contract.ts';

export const callChannel = (name: CallName): `call:${CallName}` => `call:${name}`;
export const streamChannel = (name: StreamName): `stream:${StreamName}` => `stream:${name}`;

export const subscribeChannel = 'subscribe';
export const unsubscribeChannel = 'unsubscribe';
/** The page has taken a stream's snapshot and is ready for the next. */
export const takenChannel = 'taken';
/** The page is alive; carries whether it shows anything. */
export const aliveChannel = 'alive';
