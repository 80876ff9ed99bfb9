/** Values that come from the core, held against the contract. TypeScript can't follow a schema through a generic name: the two casts here do. */
import {
  calls,
  streams,
  type CallName,
  type CallOutput,
  type StreamName,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';

type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false };

export const parseOutput = <N extends CallName>(name: N, value: unknown): Parsed<CallOutput<N>> =>
  calls[name].output.safeParse(value) as Parsed<CallOutput<N>>;

export const parseSnapshot = <N extends StreamName>(name: N, value: unknown): Parsed<StreamSnapshot<N>> =>
  streams[name].snapshot.safeParse(value) as Parsed<StreamSnapshot<N>>;
