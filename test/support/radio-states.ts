/** What tests of a radio in a process of its own wait for, and how it ends. */
import { filter, firstValueFrom } from 'rxjs';
import type { RadioPort, RadioState } from '#kiosk/radio/port.ts';
import type { RadioClient } from '#kiosk/radio/radio-client.ts';

/** The state once it is there; at once where it is already. */
export const untilState =
  (radio: Pick<RadioPort, 'state$'>) =>
  (state: RadioState): Promise<RadioState> =>
    firstValueFrom(radio.state$.pipe(filter((next) => next === state)));

/** Ends or stops the process that has the adapter now. */
export const killRadio =
  (radio: Pick<RadioClient, 'pid'>) =>
  (signal: NodeJS.Signals): void => {
    if (radio.pid === undefined) throw new Error('no radio process');
    process.kill(radio.pid, signal);
  };
