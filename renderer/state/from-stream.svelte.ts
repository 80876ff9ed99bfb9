import type { StreamName, StreamSnapshot } from '#shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';

export interface Held<T> {
  /** The newest snapshot; null until the first has come. */
  readonly current: T | null;
  dispose(): void;
}

/** Keeps the newest snapshot of a stream. Snapshots are replaced, never changed, so they are held raw. */
export const fromStream = <N extends StreamName>(client: Client, name: N): Held<StreamSnapshot<N>> => {
  let current = $state.raw<StreamSnapshot<N> | null>(null);
  const dispose = client.subscribe(name, (snapshot) => {
    current = snapshot;
  });
  return {
    get current() {
      return current;
    },
    dispose,
  };
};
