/** A whole computer in software, steered from outside: a shell of root's at a serial port, and QEMU's own orders (QMP). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface MachineOptions {
  readonly kernel: string;
  readonly initrd: string;
  /** Disks, the system's first; a change of it is kept in that file. */
  readonly disk: string;
  readonly packages: string;
  /** A folder for its sockets and what its console says. */
  readonly work: string;
  /** Where its clock begins; now, where nothing is said. */
  readonly clock?: string;
}

export interface Machine {
  /** Runs an order as root. Answers what it printed; rejects where it ends with another code than 0, unless told not to mind. */
  readonly order: (command: string, options?: OrderOptions) => Promise<string>;
  /** One of QEMU's own orders. */
  readonly qmp: (execute: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly screenshot: (file: string) => Promise<void>;
  /** The plug is pulled: whatever the system had not written to the disk is lost. */
  readonly pullPlug: () => Promise<void>;
  /** Resolves once it has switched itself off. */
  readonly ended: Promise<unknown>;
}

export interface OrderOptions {
  readonly withinMs?: number;
  readonly mayFail?: boolean;
}

const megabytes = 2_048;
const patienceMs = 300_000;
const bootsWithinMs = 600_000;
const lookAgainMs = 500;
const processors = 2;

const argumentsOf = (options: MachineOptions): readonly string[] => [
  ...['-nodefaults', '-no-user-config', '-display', 'none'],
  ...['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max', '-smp', String(processors)],
  ...['-m', String(megabytes), '-kernel', options.kernel, '-initrd', options.initrd],
  ...['-append', 'root=/dev/vda rw console=ttyS0 panic=-1 quiet'],
  ...['-rtc', `base=${options.clock ?? 'utc'}`],
  // What the system has told the disk to keep lies in this computer's memory, which outlives QEMU: only its own is lost.
  ...['-drive', `file=${options.disk},if=virtio,cache=writeback`],
  ...['-drive', `file=${options.packages},if=virtio,format=raw,readonly=on`],
  ...['-device', 'virtio-vga', '-device', 'virtio-keyboard-pci', '-device', 'virtio-tablet-pci'],
  ...['-device', 'virtio-rng-pci', '-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,id=nic'],
  ...['-device', 'virtio-serial-pci', '-serial', `file:${join(options.work, 'console')}`],
  ...['-chardev', `socket,id=shell,path=${join(options.work, 'shell')},server=on,wait=off`],
  ...['-device', 'virtserialport,chardev=shell,name=shell'],
  ...['-qmp', `unix:${join(options.work, 'qmp')},server=on,wait=off`],
];

const connect = async (path: string): Promise<Socket> => {
  for (let waited = 0; !existsSync(path) && waited < patienceMs; waited += lookAgainMs)
    await wait(lookAgainMs);
  const socket = createConnection(path);
  await once(socket, 'connect');
  return socket;
};

/** Gathers what a socket says, and resolves once a pattern is in it. */
const listenTo = (socket: Socket) => {
  let said = '';
  let heard: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    heard();
  });
  socket.on('error', () => undefined);
  return async (pattern: RegExp, withinMs: number): Promise<RegExpExecArray | null> => {
    const until = performance.now() + withinMs;
    for (;;) {
      const found = pattern.exec(said);
      if (found) {
        said = said.slice(found.index + found[0].length);
        return found;
      }
      const left = until - performance.now();
      if (left <= 0) return null;
      const stop = new AbortController();
      const news = new Promise<void>((resolve) => (heard = resolve));
      await Promise.race([news, wait(left, undefined, { signal: stop.signal }).catch(() => undefined)]);
      stop.abort();
    }
  };
};

/** Switches it on, and waits until it takes orders. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  for (const name of ['shell', 'qmp']) rmSync(join(options.work, name), { force: true });
  const child = spawn('nice', ['-n', '1', 'qemu-system-x86_64', ...argumentsOf(options)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.removeListener('exit', kill));
  const [shell, control] = await Promise.all(
    ['shell', 'qmp'].map((name) => connect(join(options.work, name))),
  );
  if (!shell || !control) throw new Error('QEMU has not come up');
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
      kill();
      await ended;
    },
    ended,
  };
  await machine.order('true', { withinMs: bootsWithinMs });
  return machine;
};
