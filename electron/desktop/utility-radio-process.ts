import type { RadioProcess } from '#kiosk/radio/radio-client.ts';

/** What is used of a `UtilityProcess`. */
export interface UtilityChild {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  kill(): boolean;
}

/** The radio in a utility process of Electron's: sandboxed from the core by the operating system, ended with it. */
export const createUtilityRadioProcess = (fork: () => UtilityChild): RadioProcess => {
  const child = fork();
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  return {
    // Known once it has been spawned.
    get pid() {
      return child.pid;
    },
    send: (message) => {
      if (!ended) child.postMessage(message);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.on('exit', listener);
    },
    kill: () => {
      child.kill();
    },
  };
};
