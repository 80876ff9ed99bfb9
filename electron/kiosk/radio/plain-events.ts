/**
 * What a controller may say, in the words that noble understands. Its events are legal (Core 5.4, Vol 4 Part E, 7.7), and noble
 * would throw at them, end a link that stands, or wait for ever; each is left out here, or said in the form that it expects.
 */
import { h4 } from './h4-framing.ts';
import {
  eventCode,
  isEvent,
  isLeEvent,
  leEvent,
  opcode,
  opcodeOf,
  readAnswer,
  refusal,
} from './hci-events.ts';

export interface PlainEvents {
  /** Every packet for the controller: which peer is asked for is remembered. */
  sent(packet: Uint8Array): void;
  /** The packet as noble is to have it; null when it is not to. */
  heard(packet: Buffer): Buffer | null;
}

/** Where an LE Connection Complete (7.7.65.1) has its fields, and an LE Create Connection (7.8.12) its peer. */
const at = { status: 4, handle: 5, role: 7, addressType: 8, address: 9, asked: 9, askedExtended: 6 } as const;
const addressBytes = 6;
const central = 0x00;
/** Above every handle that a connection can have (5.4.2). */
const noHandle = 0x0fff;
const reportFields = { types: 5, beforeData: 9, rssi: 1 } as const;
const report = { scannable: 0x02, notConnectable: 0x03 } as const;

/** noble takes what can be scanned for what can be connected to. */
const withoutScannable = (packet: Buffer): Buffer => {
  let plain = packet;
  let offset: number = reportFields.types;
  for (let left = packet[4] ?? 0; left > 0 && offset + reportFields.beforeData <= packet.length; left -= 1) {
    if (packet[offset] === report.scannable) {
      if (plain === packet) plain = Buffer.from(packet);
      plain[offset] = report.notConnectable;
    }
    offset += reportFields.beforeData + (packet[offset + 8] ?? 0) + reportFields.rssi;
  }
  return plain;
};

export const createPlainEvents = (): PlainEvents => {
  /** Type and address of the peer that was asked for last, as HCI has them. */
  let asked: Buffer | null = null;

  const connection = (packet: Buffer): Buffer => {
    if (packet.length < at.address + addressBytes) return packet;
    const plain = Buffer.from(packet);
    if (packet[at.status] !== 0) {
      // Its handle means nothing (and is often 0); noble would count that live link's packets anew.
      plain.writeUInt16LE(noHandle, at.handle);
      return plain;
    }
    // Whoever was asked for has answered: a controller that resolves addresses tells the identity in place of the address.
    if (asked && packet[at.role] === central) asked.copy(plain, at.addressType);
    return plain;
  };

  return {
    sent: (packet) => {
      const code = opcodeOf(packet);
      const from =
        code === opcode.leCreateConnection
          ? at.asked
          : code === opcode.leExtendedCreateConnection
            ? at.askedExtended
            : null;
      if (from !== null) asked = Buffer.from(packet.subarray(from, from + 1 + addressBytes));
    },
    heard: (packet) => {
      if (packet[0] !== h4.event) return packet;
      const answer = readAnswer(packet);
      if (answer) {
        // "No operation" only gives room for commands.
        if (answer.status === null) return null;
        const isConnect =
          answer.opcode === opcode.leCreateConnection || answer.opcode === opcode.leExtendedCreateConnection;
        return isConnect && answer.kind === 'complete'
          ? refusal(answer.opcode, answer.status, answer.credit)
          : packet;
      }
      // Nobody here asks for encryption: the link has its own.
      if (isEvent(packet, eventCode.encryptionChange) || isEvent(packet, eventCode.encryptionKeyRefresh)) {
        return null;
      }
      // The disconnection failed: the link stands.
      if (isEvent(packet, eventCode.disconnectionComplete) && packet[3] !== 0) return null;
      if (isLeEvent(packet, leEvent.connectionComplete) || isLeEvent(packet, leEvent.enhancedConnection)) {
        return connection(packet);
      }
      return isLeEvent(packet, leEvent.advertisingReport) ? withoutScannable(packet) : packet;
    },
  };
};
