/**
 * A dongle behind a loopback socket, H4-framed, so that any program that speaks HCI can join the air. It is one controller,
 * whoever comes: as any dongle it goes on with what it was told when nobody listens, and the next one finds it as it was left.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Air } from './air.ts';
import type { Controller } from './controller.ts';
import { createHostDeframer } from './h4-framing.ts';

export interface H4Server {
  readonly port: number;
  readonly controller: Controller;
  /** Out: the connection is closed, and a new one is closed at once. In: the controller is there again, as new. */
  dongle(to: 'in' | 'out'): void;
  dispose(): Promise<void>;
}

export interface H4ServerOptions {
  readonly air: Air;
  /** 0 for any free port. */
  readonly port: number;
  /** Of the controller; commands that are beyond these buffers are lost. */
  readonly address?: string;
  readonly commandBuffers?: number;
}

const firstDongle = '02:4c:50:00:00:01';
/** The least that a controller can have. */
const fewestCommands = 1;

/** Listens on 127.0.0.1 alone. Rejects when the port is taken. */
export const createH4Server = async (options: H4ServerOptions): Promise<H4Server> => {
  const { air, address: own = firstDongle, commandBuffers = fewestCommands } = options;
  const controller = air.attachController({ address: own, firstHandle: 0, commandBuffers });
  let host: Socket | null = null;

  controller.onPacket((packet) => {
    if (!host || host.destroyed) return;
    const socket = host;
    // What is said in one turn leaves in one piece.
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    socket.write(packet);
  });

  const serve = (socket: Socket): void => {
    socket.on('error', () => socket.destroy());
    if (!controller.plugged) {
      socket.destroy();
      return;
    }
    // A dongle has one owner: the last one who came.
    host?.destroy();
    host = socket;
    socket.setNoDelay(true);
    const deframe = createHostDeframer(
      (packet) => {
        if (host === socket) controller.receive(packet);
      },
      () => socket.destroy(),
    );
    socket.on('data', deframe);
    socket.on('close', () => {
      if (host === socket) host = null;
    });
  };

  const server = createServer(serve);
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the H4 server has no port');

  return {
    port: address.port,
    controller,
    dongle: (to) => {
      controller.plug(to === 'in');
      if (to === 'out') host?.destroy();
    },
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        host?.destroy();
        controller.dispose();
      }),
  };
};
