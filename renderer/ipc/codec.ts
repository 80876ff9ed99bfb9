/** Values that come from the core, held against the contract. TypeScript can't follow a schema through a generic name: the casts here do. */
import {
  calls,
  streams,
  type CallName,
  type CallOutput,
  type StreamName,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';

import { createLocksParser } from './same-tiles.ts';

type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false };

export const parseOutput = <N extends CallName>(name: N, value: unknown): Parsed<CallOutput<N>> =>
  calls[name].output.safeParse(value) as Parsed<CallOutput<N>>;

/** For one subscription: it may remember what came before. */
export const createSnapshotParser = <N extends StreamName>(
  name: N,
): ((value: unknown) => Parsed<StreamSnapshot<N>>) => {
  if (name !== 'locks')
    return (value) => streams[name].snapshot.safeParse(value) as Parsed<StreamSnapshot<N>>;
  const parse = createLocksParser();
  return (value) => {
    const data = parse(value);
    return (data ? { success: true, data } : { success: false }) as Parsed<StreamSnapshot<N>>;
  };
};
