/**
 * BlueZ's virtual controllers: each connection to `btvirt` is one of them, in one air. It is nobody's here, and knows nothing of
 * the project: what works over it works over a controller that was written by others.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { createH4Deframer } from '#kiosk/radio/h4-framing.ts';
import type { Controller, ControllerOptions } from '#simulators/air/controller.ts';

export interface Btvirt {
  /** One controller that is kept, for whoever connects: what the kiosk's configuration takes as `radio.h4`. */
  readonly h4: string;
  /** A controller for a lock. */
  attachController(options: ControllerOptions): Controller;
  dispose(): Promise<void>;
}

/** `btvirt -s` has it there, and nowhere else. */
const serverPath = '/tmp/bt-server-le';
const startsWithinMs = 5_000;
const lookEveryMs = 50;
const shim = fileURLToPath(new URL('./no-kernel-crypto.c', import.meta.url));

/** Whether Python's socket module gets one: Node has no way to ask for an address family. */
export const hasKernelCrypto = (): boolean =>
  spawnSync('python3', ['-c', 'import socket; socket.socket(38, socket.SOCK_SEQPACKET, 0)']).status === 0;

/** The stand-in for AF_ALG, compiled; null without a C compiler. */
const compileShim = (directory: string): string | null => {
  const library = join(directory, 'no-kernel-crypto.so');
  const compiled = spawnSync('cc', ['-shared', '-fPIC', '-o', library, shim, '-ldl'], { stdio: 'inherit' });
  return compiled.status === 0 ? library : null;
};

const toVirtualController = async (): Promise<Socket> => {
  const socket = connect(serverPath);
  await once(socket, 'connect');
  return socket;
};

/** A controller for a lock, in the air of the btvirt that runs. */
export const attachVirtualController = ({ address }: ControllerOptions): Controller => {
  const listeners: ((packet: Buffer) => void)[] = [];
  const socket = connect(serverPath);
  socket.on('error', () => socket.destroy());
  // One packet in a turn of the event loop, as bleno wants it.
  const deframe = createH4Deframer((packet) =>
    setImmediate(() => {
      for (const listener of listeners) listener(packet);
    }),
  );
  socket.on('data', deframe);
  return {
    address,
    receive: (packet) => void socket.write(packet),
    onPacket: (listener) => void listeners.push(listener),
    plugged: true,
    onPlugged: () => undefined,
    plug: () => undefined,
    overruns: () => ({ commands: 0, packets: 0, tooLong: 0 }),
    dispose: () => void socket.destroy(),
  };
};

/** A dongle behind TCP: what connects speaks to the one controller, which outlives the connection. */
const keepDongle = async (): Promise<{ readonly port: number; dispose(): Promise<void> }> => {
  const controller = await toVirtualController();
  let host: Socket | null = null;
  controller.on('data', (chunk) => host?.write(chunk));
  controller.on('error', () => controller.destroy());
  const server = createServer((socket) => {
    host?.destroy();
    host = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => controller.write(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (host === socket) host = null;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the dongle has no port');
  return {
    port: address.port,
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        host?.destroy();
        controller.destroy();
      }),
  };
};

const listens = async (child: ChildProcess): Promise<boolean> => {
  for (let waited = 0; waited < startsWithinMs && child.exitCode === null; waited += lookEveryMs) {
    if (existsSync(serverPath)) return true;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return false;
};

/** Null, with the reason told, where it can't run. */
export const startBtvirt = async (tell: (line: string) => void): Promise<Btvirt | null> => {
  if (existsSync(serverPath)) {
    tell(`${serverPath} is there: another btvirt runs, or left it behind. End that one, or delete it.`);
    return null;
  }
  const directory = mkdtempSync(join(tmpdir(), 'btvirt-'));
  const environment = { ...process.env };
  if (!hasKernelCrypto()) {
    const library = compileShim(directory);
    tell('this kernel has no AF_ALG, which btvirt opens at its start and uses for pairing alone');
    if (library === null) {
      tell('… and there is no C compiler (cc) for the stand-in: nothing can run');
      rmSync(directory, { recursive: true, force: true });
      return null;
    }
    tell('… a stand-in is loaded before it (test/controllers/no-kernel-crypto.c)');
    environment['LD_PRELOAD'] = library;
  }
  const child = spawn('btvirt', ['-s'], { stdio: 'ignore', env: environment });
  child.on('error', () => undefined);
  const end = async (): Promise<void> => {
    const ended = child.exitCode === null && child.pid !== undefined ? once(child, 'exit') : null;
    child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
    for (const kind of ['le', 'bredr', 'bredrle', 'amp', 'mon'])
      rmSync(`/tmp/bt-server-${kind}`, { force: true });
  };
  if (!(await listens(child))) {
    tell('btvirt does not start');
    await end();
    return null;
  }
  const dongle = await keepDongle();
  return {
    h4: `127.0.0.1:${dongle.port}`,
    attachController: attachVirtualController,
    dispose: async () => {
      await dongle.dispose();
      await end();
    },
  };
};
