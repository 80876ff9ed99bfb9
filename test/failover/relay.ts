/**
 * The network between two machines, as far as it runs through here. Cut, it is silent as a cut network is: what is sent comes to
 * nobody, nothing is closed, and who connects gets no answer. Healed, what broke off meanwhile is closed.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  /** On loopback. */
  readonly port: number;
  cut(): void;
  heal(): void;
  dispose(): Promise<void>;
}

export const startRelay = async (target: number): Promise<Relay> => {
  const pairs = new Set<readonly [Socket, Socket | null]>();
  let isCut = false;

  const join = (near: Socket): void => {
    // Held as it comes: a machine that is not reached says nothing.
    near.on('error', () => undefined);
    if (isCut) {
      near.pause();
      pairs.add([near, null]);
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    far.on('error', () => undefined);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => {
        if (!isCut) to.write(bytes);
      });
      // The end of one side is not told to the other while nothing gets through.
      from.on('close', () => {
        if (!isCut) end();
      });
    }
  };
  const server = createServer(join);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closeAll = (): void => {
    for (const [near, far] of pairs) {
      near.destroy();
      far?.destroy();
    }
    pairs.clear();
  };

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut: () => {
      isCut = true;
    },
    heal: () => {
      isCut = false;
      closeAll();
    },
    dispose: async () => {
      closeAll();
      server.close();
      await once(server, 'close');
    },
  };
};
