/** Hands out controllers over a loopback socket, H4-framed, so that any program that speaks HCI can join the air. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Air } from './air.ts';
import { createHostDeframer } from './h4-framing.ts';

export interface H4Server {
  readonly port: number;
  /** Out: every connection is closed, and a new one is closed at once. In: connections get a controller each. */
  dongle(to: 'in' | 'out'): void;
  dispose(): Promise<void>;
}

export interface H4ServerOptions {
  readonly air: Air;
  /** 0 for any free port. */
  readonly port: number;
}

const dongleAddress = (index: number): string =>
  `02:4c:50:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 0xff).toString(16).padStart(2, '0')}`;

/** Listens on 127.0.0.1 alone. Rejects when the port is taken. */
export const createH4Server = async ({ air, port }: H4ServerOptions): Promise<H4Server> => {
  const sockets = new Set<Socket>();
  let plugged = true;
  let joined = 0;

  const serve = (socket: Socket): void => {
    if (!plugged) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.setNoDelay(true);
    joined += 1;
    const controller = air.attachController({ address: dongleAddress(joined), firstHandle: 0 });
    controller.onPacket((packet) => {
      if (socket.destroyed) return;
      // What is said in one turn leaves in one piece.
      if (socket.writableCorked === 0) {
        socket.cork();
        process.nextTick(() => socket.uncork());
      }
      socket.write(packet);
    });
    const deframe = createHostDeframer(
      (packet) => controller.receive(packet),
      () => socket.destroy(),
    );
    socket.on('data', deframe);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      controller.dispose();
    });
  };

  const server = createServer(serve);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the H4 server has no port');

  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    port: address.port,
    dongle: (to) => {
      plugged = to === 'in';
      if (!plugged) closeAll();
    },
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closeAll();
      }),
  };
};
