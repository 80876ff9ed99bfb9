/**
 * Stands between a kiosk and its controller, and changes what is said as some controller may: a test says how. Everything that
 * it does not change gets through as it is.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createH4Deframer } from '#kiosk/radio/h4-framing.ts';
import { readCommand, type Command } from '#simulators/air/hci/packets.ts';
import { createHostDeframer } from '#simulators/air/h4-framing.ts';

export interface Oddities {
  /** What the controller says to this command in place of doing it; null when it does it. */
  readonly command?: (command: Command) => readonly Buffer[] | null;
  /** What the kiosk gets for this packet of the controller. */
  readonly event?: (packet: Buffer) => readonly Buffer[];
}

export interface OddAdapter {
  /** What the kiosk's configuration takes as `radio.h4`. */
  readonly h4: string;
  /** From now on; until then nothing is changed. */
  behave(oddities: Oddities): void;
  /** The controller says this by itself. */
  say(packet: Buffer): void;
  /** Commands that came from the kiosk, by opcode, in order. */
  readonly commands: readonly number[];
  /** Data packets that came from the kiosk, in order. */
  readonly data: readonly Buffer[];
  /** Cuts the connection as the death of whoever holds it does; the controller is told nothing. */
  cut(): void;
  /** Called for each packet before it is passed on, in either direction, advertising reports left out. */
  onPacket: (count: number) => void;
  dispose(): Promise<void>;
}

const isReport = (packet: Buffer): boolean => packet[0] === 4 && packet[1] === 0x3e && packet[3] === 0x02;

/** `behind`: `host:port` of the controller. */
export const createOddAdapter = async (behind: string): Promise<OddAdapter> => {
  const [host = '', port = ''] = behind.split(':');
  const sockets = new Set<Socket>();
  const commands: number[] = [];
  const data: Buffer[] = [];
  let oddities: Oddities = {};
  let current: { kiosk: Socket; controller: Socket } | null = null;
  let packets = 0;

  const count = (packet: Buffer): void => {
    if (isReport(packet)) return;
    packets += 1;
    adapter.onPacket(packets);
  };

  const serve = (kiosk: Socket): void => {
    const controller = connect({ host, port: Number(port) });
    current = { kiosk, controller };
    const take = (packet: Buffer): void => {
      const command = packet[0] === 1 ? readCommand(packet) : null;
      if (command) commands.push(command.opcode);
      if (packet[0] === 2) data.push(packet);
      count(packet);
      if (kiosk.destroyed) return;
      const said = command && oddities.command ? oddities.command(command) : null;
      if (said) for (const each of said) kiosk.write(each);
      else controller.write(packet);
    };
    const pass = (packet: Buffer): void => {
      count(packet);
      if (kiosk.destroyed) return;
      for (const each of oddities.event ? oddities.event(packet) : [packet]) kiosk.write(each);
    };
    const carry = (from: Socket, to: Socket, read: (chunk: Buffer) => void): void => {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', read);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    };
    carry(
      kiosk,
      controller,
      createHostDeframer(take, () => kiosk.destroy()),
    );
    carry(controller, kiosk, createH4Deframer(pass));
  };

  const server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the adapter has no port');

  const adapter: OddAdapter = {
    h4: `127.0.0.1:${address.port}`,
    behave: (next) => {
      oddities = next;
    },
    say: (packet) => void current?.kiosk.write(packet),
    commands,
    data,
    cut: () => {
      current?.kiosk.destroy();
      current?.controller.destroy();
    },
    onPacket: () => undefined,
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return adapter;
};
