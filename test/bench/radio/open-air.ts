/** Starts the air's process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AirOrder, AirReady } from './air-messages.ts';

export interface OpenAir extends AirReady {
  dispose(): Promise<void>;
}

const entry = fileURLToPath(new URL('./air-process.ts', import.meta.url));

/** Rejects when the process ends before its air stands. */
export const openAir = async (order: AirOrder): Promise<OpenAir> => {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = once(child, 'exit');
  const ready = new Promise<AirReady>((resolve, reject) => {
    child.once('message', (message) => resolve(message as AirReady));
    child.once('exit', (code) => reject(new Error(`the air ended with ${String(code)}`)));
  });
  child.send(order);
  return {
    ...(await ready),
    dispose: async () => {
      if (child.exitCode === null && child.connected) child.disconnect();
      await exited;
    },
  };
};
