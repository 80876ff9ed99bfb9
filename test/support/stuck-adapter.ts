/** Stands between a kiosk and its controller, and can make an adapter of it that takes everything and says nothing. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface StuckAdapter {
  /** What the kiosk's configuration takes as `radio.h4`. */
  readonly h4: string;
  /** From now on nothing gets through, and what has lost something stays silent until it is opened anew. */
  stick(): void;
  /** New connections work again. */
  loosen(): void;
  dispose(): Promise<void>;
}

/** `behind`: `host:port` of the controller. */
export const createStuckAdapter = async (behind: string): Promise<StuckAdapter> => {
  const [host = '', port = ''] = behind.split(':');
  const sockets = new Set<Socket>();
  let stuck = false;

  const serve = (kiosk: Socket): void => {
    const controller = connect({ host, port: Number(port) });
    let lostSomething = false;
    const carry = (from: Socket, to: Socket): void => {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        lostSomething ||= stuck;
        if (!lostSomething) to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    };
    carry(kiosk, controller);
    carry(controller, kiosk);
  };

  const server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the adapter has no port');
  return {
    h4: `127.0.0.1:${address.port}`,
    stick: () => {
      stuck = true;
    },
    loosen: () => {
      stuck = false;
    },
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
