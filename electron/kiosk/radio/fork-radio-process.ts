/** The radio process as a forked Node, for hosts that are not Electron. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RadioProcess } from './radio-client.ts';

export interface ForkOptions {
  /** The process's entry; beside this file, with this file's extension, unless it was bundled elsewhere. */
  readonly entry?: string;
}

const besideThisFile = (): string => {
  const here = fileURLToPath(import.meta.url);
  const extension = here.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./radio-process.${extension}`, import.meta.url));
};

/** What noble prints goes nowhere: all that matters of it comes as messages. */
export const forkRadioProcess = ({ entry = besideThisFile() }: ForkOptions = {}): RadioProcess => {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (): void => {
        if (told) return;
        told = true;
        listener();
      };
      child.once('exit', tell);
      child.once('error', tell);
    },
    kill: () => void child.kill('SIGKILL'),
  };
};
