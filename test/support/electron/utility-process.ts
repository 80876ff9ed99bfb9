import { fork, type ChildProcess } from 'node:child_process';
import type { UtilityProcess } from 'electron';
import { Emitter } from './emitter.ts';
import type { UtilityEvents } from './events.ts';

type Used = 'pid' | 'kill' | 'postMessage';

/** A utility process: it has no id before it was spawned, its messages are structured clones, and `kill` asks. */
export class UtilityProcessDouble extends Emitter<UtilityEvents> implements Pick<UtilityProcess, Used> {
  readonly child: ChildProcess;
  pid: number | undefined = undefined;

  constructor(entry: string, args: readonly string[]) {
    super(['message', 'exit']);
    this.child = fork(entry, [...args], { serialization: 'advanced', stdio: 'ignore' });
    this.child.once('spawn', () => {
      this.pid = this.child.pid;
    });
    this.child.on('message', (message) => this.happen('message', message));
    this.child.on('exit', (code) => {
      this.pid = undefined;
      this.happen('exit', code ?? 0);
    });
  }

  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(structuredClone(message) as object);
  }

  kill(): boolean {
    return this.child.kill('SIGTERM');
  }
}
