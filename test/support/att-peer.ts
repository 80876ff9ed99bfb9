/**
 * A peripheral that speaks HCI and ATT by hand, for peers that bleno can't be: its answers are whatever a test says.
 * It advertises the Latchpoint service and is connectable once.
 */
import { characteristicUuids } from '#kiosk/radio/gatt-profile.ts';
import type { Air } from '#simulators/air/air.ts';
import { opcode, packetType } from '#simulators/air/hci/codes.ts';
import { aclPacket, readAcl, u16 } from '#simulators/air/hci/packets.ts';
import { latchpointAdvert } from './scripted-lock.ts';

export const attChannel = 0x0004;

export class AttPeer {
  readonly address = 'c0:00:00:00:ff:01';
  readonly peer = 'c0000000ff01';
  readonly requests: Buffer[] = [];
  /** L2CAP channels on which it was spoken to. */
  readonly channels = new Set<number>();

  /** `answer` gets each ATT request; null for none. */
  constructor(air: Air, answer: (request: Buffer) => Buffer | null) {
    const controller = air.attachController({ address: this.address, distance: 1 });
    controller.onPacket((packet) => {
      const acl = packet[0] === packetType.acl ? readAcl(packet) : null;
      if (!acl) return;
      this.channels.add(acl.data.readUInt16LE(2));
      const request = acl.data.subarray(4);
      this.requests.push(request);
      const reply = answer(request);
      if (!reply) return;
      const body = Buffer.concat([u16(reply.length), u16(attChannel), reply]);
      controller.receive(aclPacket(acl.handle, 0, body));
    });
    const command = (code: number, parameters: Uint8Array): void => {
      controller.receive(
        Buffer.concat([
          Buffer.from([packetType.command]),
          u16(code),
          Buffer.from([parameters.length]),
          parameters,
        ]),
      );
    };
    const advert = latchpointAdvert(0x10);
    const data = Buffer.alloc(32);
    data[0] = advert.length;
    data.set(advert, 1);
    command(opcode.leSetAdvertisingData, data);
    command(opcode.leSetAdvertisingEnable, Uint8Array.of(1));
  }
}

/** What a peer with an MTU of 517 answers; nothing else is answered. */
export const largeMtuAnswer = (request: Buffer): Buffer | null =>
  request[0] === 0x02 ? Buffer.from([0x03, 0x05, 0x02]) : null;

const names = ['info', 'enrolment', 'certificate', 'tx', 'rx'] as const;
const firstHandle = 0x10;
const certificateLength = 300;

const declarations = (): Buffer =>
  Buffer.concat(
    names.map((name, index) => {
      const declaration = firstHandle + 1 + index * 2;
      const uuid = Buffer.from(characteristicUuids[name], 'hex').reverse();
      return Buffer.concat([u16(declaration), Buffer.from([0x02]), u16(declaration + 1), uuid]);
    }),
  );

/** The Latchpoint service at handles 16 to 27, with a certificate of 300 bytes, at an MTU of 256. */
export const serviceAnswer = (request: Buffer): Buffer | null => {
  const offset = request[0] === 0x0c ? request.readUInt16LE(3) : 0;
  switch (request[0]) {
    case 0x06:
      return Buffer.concat([Buffer.from([0x07]), u16(firstHandle), u16(firstHandle + 11)]);
    case 0x08:
      return Buffer.concat([Buffer.from([0x09, 21]), declarations()]);
    case 0x12:
      return Buffer.from([0x13]);
    case 0x0a:
    case 0x0c:
      return Buffer.concat([
        Buffer.from([request[0] + 1]),
        Buffer.alloc(Math.min(255, certificateLength - offset), 7),
      ]);
    default:
      return null;
  }
};
