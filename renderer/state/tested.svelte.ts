/** Which locks were opened here since the page began: of what was added today, these need no test any more. */
import { SvelteSet } from 'svelte/reactivity';
import type { Client } from '../ipc/client.ts';

export interface Tested {
  /** Whether the lock has said that it opened. */
  has(serialNumber: string): boolean;
  dispose(): void;
}

export const createTested = (client: Pick<Client, 'subscribe'>): Tested => {
  const opened = new SvelteSet<string>();
  const stopAttempts = client.subscribe('attempt', ({ attempt }) => {
    if (attempt?.end?.kind === 'open') opened.add(attempt.serialNumber);
  });
  const stopGroups = client.subscribe('group', ({ run }) => {
    for (const { serialNumber, end } of run?.locks ?? []) if (end?.kind === 'open') opened.add(serialNumber);
  });
  return {
    has: (serialNumber) => opened.has(serialNumber),
    dispose: () => {
      stopAttempts();
      stopGroups();
    },
  };
};
