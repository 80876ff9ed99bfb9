/**
 * The least that an unlock can cost on an air: HCI and ATT by hand, no noble, no process between, nothing found out or
 * agreed on, no cryptography. Connects, and has two frames sent back.
 */
import { systemClock } from '#kiosk/platform/clock.ts';
import * as att from '#kiosk/radio/att.ts';
import { findHandles } from '#kiosk/radio/gatt-handles.ts';
import { connectH4 } from '#kiosk/radio/h4-socket.ts';
import type { GattHandles } from '#kiosk/radio/port.ts';

export interface BareCentral {
  /** Milliseconds from the connection request to the second answer; the link is closed afterwards. */
  roundTrips(address: string): Promise<number>;
  dispose(): void;
}

const command = 0x01;
const acl = 0x02;
const event = 0x04;
const attChannel = 4;
const headerLength = 9;
const notification = 0x1b;
const createConnection = 0x200d;
const disconnect = 0x0406;
const frame = new Uint8Array(20).fill(7);

const hciCommand = (opcode: number, parameters: Uint8Array): Buffer =>
  Buffer.from([command, opcode & 0xff, opcode >> 8, parameters.length, ...parameters]);

const connectTo = (address: string): Buffer => {
  const parameters = Buffer.alloc(25);
  // Listens all the time; 7.5 to 30 ms between meetings; a second of silence ends it; as the kiosk's radio asks.
  parameters.writeUInt16LE(0x60, 0);
  parameters.writeUInt16LE(0x60, 2);
  const octets = Buffer.from(address.replaceAll(':', ''), 'hex').reverse();
  parameters[5] = 1;
  octets.copy(parameters, 6);
  parameters.writeUInt16LE(6, 13);
  parameters.writeUInt16LE(24, 15);
  parameters.writeUInt16LE(100, 19);
  return hciCommand(createConnection, parameters);
};

const aclPacket = (handle: number, pdu: Uint8Array): Buffer => {
  const packet = Buffer.alloc(headerLength + pdu.length);
  packet[0] = acl;
  packet.writeUInt16LE(handle, 1);
  packet.writeUInt16LE(pdu.length + 4, 3);
  packet.writeUInt16LE(pdu.length, 5);
  packet.writeUInt16LE(attChannel, 7);
  packet.set(pdu, headerLength);
  return packet;
};

const isConnected = (packet: Buffer): boolean =>
  packet[0] === event && packet[1] === 0x3e && packet[3] === 0x01;
const isDisconnected = (packet: Buffer): boolean => packet[0] === event && packet[1] === 0x05;
const isAtt = (packet: Buffer): boolean => packet[0] === acl;
const isNotification = (packet: Buffer): boolean => isAtt(packet) && packet[headerLength] === notification;

/** Rejects when nobody accepts at `h4`. */
export const openBareCentral = async (h4: string): Promise<BareCentral> => {
  const socket = await connectH4({ address: h4, timeoutMs: 2_000, clock: systemClock });
  let handles: GattHandles | null = null;

  const next = (wanted: (packet: Buffer) => boolean): Promise<Buffer> =>
    new Promise((resolve) => {
      const onData = (packet: Buffer): void => {
        if (!wanted(packet)) return;
        socket.removeListener('data', onData);
        resolve(packet);
      };
      socket.on('data', onData);
    });

  const exchange = (packet: Buffer, wanted: (packet: Buffer) => boolean): Promise<Buffer> => {
    const answer = next(wanted);
    socket.write(packet);
    return answer;
  };

  const roundTrips = async (address: string): Promise<number> => {
    const began = performance.now();
    const connection = (await exchange(connectTo(address), isConnected)).readUInt16LE(5);
    handles ??= await findHandles(
      async (pdu) => (await exchange(aclPacket(connection, pdu), isAtt)).subarray(headerLength),
      null,
    );
    // The subscription goes in front of the first frame.
    socket.write(aclPacket(connection, att.write(handles.rxConfiguration, att.notifications)));
    const write = aclPacket(connection, att.writeCommand(handles.values.tx, frame));
    await exchange(write, isNotification);
    await exchange(write, isNotification);
    const took = performance.now() - began;
    const goodbye = Buffer.from([connection & 0xff, connection >> 8, 0x13]);
    await exchange(hciCommand(disconnect, goodbye), isDisconnected);
    return took;
  };

  return { roundTrips, dispose: () => socket.close() };
};
