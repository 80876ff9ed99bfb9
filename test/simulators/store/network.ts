/**
 * The cable between the kiosk and the backend: a TCP relay on loopback that can be cut. Cutting it resets every connection
 * and refuses new ones, as an unplugged switch does after a moment.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Network {
  /** Port on 127.0.0.1 that the kiosk talks to. */
  readonly port: number;
  readonly state: 'up' | 'cut';
  set(state: 'up' | 'cut'): void;
  dispose(): Promise<void>;
}

export const createNetwork = async (targetPort: () => number | null): Promise<Network> => {
  let state: 'up' | 'cut' = 'up';
  const sockets = new Set<Socket>();

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset is what this relay is for; the close event that follows does the work.
    socket.on('error', () => socket.destroy());
  };

  const server = createServer((near) => {
    keep(near);
    const port = targetPort();
    if (state === 'cut' || port === null) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port });
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const cutAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  return {
    port: (server.address() as AddressInfo).port,
    get state() {
      return state;
    },
    set(next) {
      state = next;
      if (next === 'cut') cutAll();
    },
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
};
