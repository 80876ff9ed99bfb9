/** Builds what a controller says to its host, and reads what the host says to it. Pure: bytes in, bytes out. */
import { boundary, eventCode, leEvent, packetType } from './codes.ts';

export interface Command {
  readonly opcode: number;
  readonly parameters: Buffer;
}

export interface AclPacket {
  readonly handle: number;
  readonly boundary: number;
  readonly data: Buffer;
}

const event = (code: number, parameters: Buffer): Buffer =>
  Buffer.concat([Buffer.from([packetType.event, code, parameters.length]), parameters]);

export const u16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >> 8) & 0xff]);

/** `aa:bb:cc:dd:ee:ff` to the six octets, least significant first, as HCI carries them. */
export const addressBytes = (address: string): Buffer =>
  Buffer.from(address.split(':').reverse().join(''), 'hex');

export const addressText = (bytes: Buffer): string =>
  [...bytes]
    .reverse()
    .map((octet) => octet.toString(16).padStart(2, '0'))
    .join(':');

export const commandComplete = (
  opcode: number,
  status: number,
  result: Uint8Array = new Uint8Array(),
): Buffer =>
  event(
    eventCode.commandComplete,
    Buffer.concat([Buffer.from([1]), u16(opcode), Buffer.from([status]), result]),
  );

export const commandStatus = (opcode: number, status: number): Buffer =>
  event(eventCode.commandStatus, Buffer.concat([Buffer.from([status, 1]), u16(opcode)]));

export const disconnectionComplete = (handle: number, reason: number): Buffer =>
  event(
    eventCode.disconnectionComplete,
    Buffer.concat([Buffer.from([0]), u16(handle), Buffer.from([reason])]),
  );

export const completedPackets = (handle: number, count: number): Buffer =>
  event(eventCode.completedPackets, Buffer.concat([Buffer.from([1]), u16(handle), u16(count)]));

export interface ConnectionFacts {
  readonly handle: number;
  readonly role: number;
  readonly peer: string;
  /** Milliseconds. */
  readonly interval: number;
  readonly supervisionMs: number;
}

export const connectionComplete = (status: number, facts: ConnectionFacts): Buffer =>
  event(
    eventCode.leMeta,
    Buffer.concat([
      Buffer.from([leEvent.connectionComplete, status]),
      u16(facts.handle),
      Buffer.from([facts.role, 0x00]),
      addressBytes(facts.peer),
      u16(Math.round(facts.interval / 1.25)),
      u16(0),
      u16(Math.round(facts.supervisionMs / 10)),
      Buffer.from([0]),
    ]),
  );

export const connectionUpdated = (facts: ConnectionFacts): Buffer =>
  event(
    eventCode.leMeta,
    Buffer.concat([
      Buffer.from([leEvent.connectionUpdated, 0]),
      u16(facts.handle),
      u16(Math.round(facts.interval / 1.25)),
      u16(0),
      u16(Math.round(facts.supervisionMs / 10)),
    ]),
  );

export const advertisingReport = (type: number, address: string, data: Uint8Array, rssi: number): Buffer =>
  event(
    eventCode.leMeta,
    Buffer.concat([
      Buffer.from([leEvent.advertisingReport, 1, type, 0x00]),
      addressBytes(address),
      Buffer.from([data.length]),
      data,
      Buffer.from([rssi & 0xff]),
    ]),
  );

export const isAdvertisingReport = (packet: Buffer): boolean =>
  packet[0] === packetType.event && packet[1] === eventCode.leMeta && packet[3] === leEvent.advertisingReport;

export const isCommandAnswer = (packet: Buffer): boolean =>
  packet[0] === packetType.event &&
  (packet[1] === eventCode.commandComplete || packet[1] === eventCode.commandStatus);

/** Where an answer says how many commands there is room for (Num_HCI_Command_Packets). */
export const roomAt = (answer: Buffer): number => (answer[1] === eventCode.commandComplete ? 3 : 4);

export const aclPacket = (handle: number, flags: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([packetType.acl]), u16(handle | (flags << 12)), u16(data.length), data]);

/** Null for a packet too short to be one. */
export const readCommand = (packet: Buffer): Command | null =>
  packet.length < 4 ? null : { opcode: packet.readUInt16LE(1), parameters: packet.subarray(4) };

export const readAcl = (packet: Buffer): AclPacket | null => {
  if (packet.length < 5) return null;
  const field = packet.readUInt16LE(1);
  return { handle: field & 0x0fff, boundary: field >> 12, data: packet.subarray(5) };
};

/** What the host marks as the start of a message reaches the other host marked as such. */
export const towardsHost = (flags: number): number =>
  flags === boundary.continuing ? boundary.continuing : boundary.startToHost;
