/** Capturing one or many new locks: each has a name, a state of its own, and an outcome that is not anyone else's. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { Kiosk } from './kiosk.svelte.ts';

export interface CaptureRow {
  readonly serialNumber: string;
  name: string;
  /** null: that of all. */
  group: string | null;
  state: 'ready' | 'waiting' | 'reading' | 'captured' | 'failed';
  problem: AppError | null;
}

export interface Capture {
  readonly rows: readonly CaptureRow[];
  readonly busy: boolean;
  /**
   * Captures, one after the other, every lock that has not been captured, while whoever began it is signed in. `group`: of the
   * locks that have none of their own.
   */
  run(group: string): Promise<void>;
  /** The lock that is read is read to its end; those that wait are as they were. */
  stop(): void;
}

export const createCapture = (
  kiosk: Kiosk,
  serialNumbers: readonly string[],
  initially: (serialNumber: string, at: number) => Pick<CaptureRow, 'group' | 'name'>,
  /** Told of each lock that has been captured. */
  captured: (serialNumber: string) => void,
): Capture => {
  const rows: CaptureRow[] = $state(
    serialNumbers.map((serialNumber, at) => ({
      serialNumber,
      ...initially(serialNumber, at),
      state: 'ready',
      problem: null,
    })),
  );
  let busy = $state(false);
  let stopping = new AbortController();
  return {
    rows,
    get busy() {
      return busy;
    },
    run: async (group) => {
      busy = true;
      stopping = new AbortController();
      const person = kiosk.view?.session?.staffId;
      const open = rows.filter((row) => row.state !== 'captured');
      for (const row of open) row.state = 'waiting';
      // The radio talks to one lock at a time: more at once would only make them wait for each other.
      for (const row of open) {
        // The core takes each call for whoever is signed in by then.
        if (stopping.signal.aborted || kiosk.view?.session?.staffId !== person) break;
        row.state = 'reading';
        row.problem = null;
        const { serialNumber, name } = row;
        const result = await kiosk.client.call('captureEnrolment', {
          serialNumber,
          name: name.trim(),
          group: (row.group ?? group).trim(),
        });
        row.state = result.ok ? 'captured' : 'failed';
        if (result.ok) captured(serialNumber);
        else row.problem = result.error;
      }
      for (const row of open) if (row.state === 'waiting') row.state = row.problem ? 'failed' : 'ready';
      busy = false;
    },
    stop: () => stopping.abort(),
  };
};
