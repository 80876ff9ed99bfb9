/** A whole computer in software, steered from outside: a shell of root's at a serial port, and QEMU's own orders (QMP). */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { listenTo } from './listen-to.ts';
import { argumentsOf, type MachineOptions } from './qemu-arguments.ts';

export interface Machine {
  /** Runs an order as root. Answers what it printed; rejects where it ends with another code than 0, unless told not to mind. */
  readonly order: (command: string, options?: OrderOptions) => Promise<string>;
  /** One of QEMU's own orders. */
  readonly qmp: (execute: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly screenshot: (file: string) => Promise<void>;
  /** The plug is pulled: whatever the system had not written to the disk is lost. */
  readonly pullPlug: () => Promise<void>;
  /** Keeps its memory and devices in a file, from which it can go on any number of times; it is then off. */
  readonly saveTo: (file: string) => Promise<void>;
  /** What a program in it writes to `/dev/virtio-ports/ledger`, and reads from there. */
  readonly ledger: Socket;
  /** Resolves once it has switched itself off. */
  readonly ended: Promise<unknown>;
}

export interface OrderOptions {
  readonly withinMs?: number;
  readonly mayFail?: boolean;
}

const patienceMs = 300_000;
const bootsWithinMs = 600_000;
const lookAgainMs = 500;
const sockets = ['shell', 'qmp', 'ledger'] as const;
const migrationSchema = z.looseObject({ status: z.string().default('') });

const connect = async (path: string): Promise<Socket> => {
  for (let waited = 0; !existsSync(path) && waited < patienceMs; waited += lookAgainMs)
    await wait(lookAgainMs);
  const socket = createConnection(path);
  await once(socket, 'connect');
  return socket;
};

/** Switches it on, and waits until it takes orders. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  for (const name of sockets) rmSync(join(options.work, name), { force: true });
  const child = spawn('nice', ['-n', '1', 'qemu-system-x86_64', ...argumentsOf(options)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  // Told to end, Node ends without `exit`, and the machine would run on.
  const end = (): void => {
    kill();
    process.exit(1);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  process.once('exit', kill);
  for (const signal of signals) process.once(signal, end);
  void ended.then(() => {
    process.removeListener('exit', kill);
    for (const signal of signals) process.removeListener(signal, end);
  });
  try {
    return await steered(child, ended, options);
  } catch (error) {
    // Nobody is handed it who could.
    kill();
    await ended;
    throw error;
  }
};

/** Takes hold of it. */
const steered = async (
  child: ChildProcess,
  ended: Promise<unknown>,
  options: MachineOptions,
): Promise<Machine> => {
  const [shell, control, ledger] = await Promise.all(
    sockets.map((name) => connect(join(options.work, name))),
  );
  if (!shell || !control || !ledger) throw new Error('QEMU has not come up');
  // A machine that is killed hangs up without a word.
  ledger.on('error', () => undefined);
  const shellSays = listenTo(shell);
  const controlSays = listenTo(control);
  let orders = 0;
  const one = async (command: string, withinMs: number, mayFail: boolean): Promise<string> => {
    orders += 1;
    const mark = `order-${orders}-${Math.round(performance.now())}`;
    shell.write(`{ ${command}\n} 2>&1 < /dev/null; printf '\\n${mark} %d\\n' $?\n`);
    const found = await shellSays(new RegExp(`([^]*?)\\n${mark} (\\d+)\\n`), withinMs);
    if (!found) throw new Error(`no answer within ${withinMs / 1000} s: ${command}`);
    const [, output = '', code] = found;
    if (code !== '0' && !mayFail) throw new Error(`"${command}" ended with ${code}: ${output.slice(-2000)}`);
    return output.trim();
  };
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const qmp: Machine['qmp'] = async (execute, args = {}) => {
    control.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    const found = await controlSays(/^\{"(return|error)": (.*)\}\r?\n/m, patienceMs);
    if (!found) throw new Error(`QEMU does not answer ${execute}`);
    if (found[1] === 'error') throw new Error(`${execute}: ${found[2]}`);
    return JSON.parse(found[2] ?? 'null') as unknown;
  };
  await qmp('qmp_capabilities');
  const machine: Machine = {
    order: (command, { withinMs = patienceMs, mayFail = false } = {}) =>
      inTurn(() => one(command, withinMs, mayFail)),
    qmp: (execute, args) => inTurn(() => qmp(execute, args)),
    screenshot: async (filename) => {
      await machine.qmp('screendump', { filename, format: 'png' });
    },
    pullPlug: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    saveTo: async (file) => {
      await machine.qmp('migrate', { uri: `exec:cat > '${file}'` });
      for (let status = ''; status !== 'completed';) {
        await wait(lookAgainMs);
        ({ status } = migrationSchema.parse(await machine.qmp('query-migrate')));
        if (status === 'failed') throw new Error('the machine could not be saved');
      }
      await machine.qmp('quit');
      await ended;
    },
    ledger,
    ended,
  };
  if (options.saved !== undefined) return machine;
  await machine.order('true', { withinMs: bootsWithinMs });
  return machine;
};
