/**
 * Stands between a kiosk and its controller, and can make an adapter of it that takes everything and says nothing, or one
 * that takes certain commands and forgets them.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createHostDeframer } from '#simulators/air/h4-framing.ts';
import { packetType } from '#simulators/air/hci/codes.ts';

export interface StuckAdapter {
  /** What the kiosk's configuration takes as `radio.h4`. */
  readonly h4: string;
  /** From now on nothing gets through, and what has lost something stays silent until it is opened anew. */
  stick(): void;
  /** From now on commands with one of these opcodes are lost, and everything else gets through. */
  swallow(...opcodes: readonly number[]): void;
  /** How many commands were lost. */
  readonly swallowed: number;
  /** Everything gets through again; connections that have lost something to `stick` stay silent. */
  loosen(): void;
  dispose(): Promise<void>;
}

/** `behind`: `host:port` of the controller. */
export const createStuckAdapter = async (behind: string): Promise<StuckAdapter> => {
  const [host = '', port = ''] = behind.split(':');
  const sockets = new Set<Socket>();
  let stuck = false;
  let forgotten: readonly number[] = [];
  let swallowed = 0;

  const isForgotten = (packet: Buffer): boolean =>
    packet[0] === packetType.command && forgotten.includes(packet.readUInt16LE(1));

  const serve = (kiosk: Socket): void => {
    const controller = connect({ host, port: Number(port) });
    let lostSomething = false;
    const pass = (to: Socket, bytes: Buffer): void => {
      lostSomething ||= stuck;
      if (!lostSomething) to.write(bytes);
    };
    const carry = (from: Socket, to: Socket, take: (chunk: Buffer) => void): void => {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', take);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    };
    const takeCommands = createHostDeframer(
      (packet) => {
        if (isForgotten(packet)) swallowed += 1;
        else pass(controller, packet);
      },
      () => kiosk.destroy(),
    );
    carry(kiosk, controller, takeCommands);
    carry(controller, kiosk, (chunk) => pass(kiosk, chunk));
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
    swallow: (...opcodes) => {
      forgotten = opcodes;
    },
    get swallowed() {
      return swallowed;
    },
    loosen: () => {
      stuck = false;
      forgotten = [];
    },
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
