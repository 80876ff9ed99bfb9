/** The few HCI packets that are looked at before noble has them (Bluetooth Core 5.4, Vol 4 Part E). Pure: bytes only. */
import { h4 } from './h4-framing.ts';

export const commandPacket = 0x01;

export const eventCode = {
  disconnectionComplete: 0x05,
  encryptionChange: 0x08,
  commandComplete: 0x0e,
  commandStatus: 0x0f,
  hardwareError: 0x10,
  numberOfCompletedPackets: 0x13,
  encryptionKeyRefresh: 0x30,
  leMeta: 0x3e,
} as const;

export const leEvent = {
  connectionComplete: 0x01,
  advertisingReport: 0x02,
  enhancedConnection: 0x0a,
} as const;

/** Opcodes, `OGF << 10 | OCF`. */
export const opcode = {
  none: 0x0000,
  disconnect: 0x0406,
  reset: 0x0c03,
  readLeHostSupported: 0x0c6c,
  readBufferSize: 0x1005,
  leReadBufferSize: 0x2002,
  leSetScanEnable: 0x200c,
  leCreateConnection: 0x200d,
  leExtendedCreateConnection: 0x2043,
} as const;

export interface CommandAnswer {
  readonly opcode: number;
  /** An error code, 0 for success; null for the "no operation", which answers no command. */
  readonly status: number | null;
  /** How many commands the controller takes now (Num_HCI_Command_Packets). */
  readonly credit: number;
  readonly kind: 'complete' | 'status';
}

/** What a Command Complete (7.7.14) or Command Status (7.7.15) says; null for any other packet. */
export const readAnswer = (packet: Buffer): CommandAnswer | null => {
  if (packet[0] !== h4.event) return null;
  if (packet[1] === eventCode.commandComplete && packet.length >= 6) {
    const code = packet.readUInt16LE(4);
    const status = code === opcode.none ? null : (packet[6] ?? null);
    return { opcode: code, status, credit: packet[3] ?? 0, kind: 'complete' };
  }
  if (packet[1] === eventCode.commandStatus && packet.length >= 7) {
    const code = packet.readUInt16LE(5);
    const status = code === opcode.none ? null : (packet[3] ?? null);
    return { opcode: code, status, credit: packet[4] ?? 0, kind: 'status' };
  }
  return null;
};

export const isEvent = (packet: Buffer, code: number): boolean =>
  packet[0] === h4.event && packet[1] === code;

export const isLeEvent = (packet: Buffer, subevent: number): boolean =>
  isEvent(packet, eventCode.leMeta) && packet[3] === subevent;

/** The opcode of a command; null for any other packet. */
export const opcodeOf = (packet: Uint8Array): number | null =>
  packet[0] === commandPacket && packet.length >= 4 ? (packet[1] ?? 0) | ((packet[2] ?? 0) << 8) : null;

/** A command without parameters. */
export const plainCommand = (code: number): Buffer => Buffer.from([commandPacket, code & 0xff, code >> 8, 0]);

/** A Command Status that refuses that command, and says nothing new of the controller's room for commands. */
export const refusal = (code: number, status: number, credit: number): Buffer =>
  Buffer.from([h4.event, eventCode.commandStatus, 4, status, credit, code & 0xff, code >> 8]);
