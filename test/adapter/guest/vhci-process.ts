/** One adapter of the kernel's: passes packets between `/dev/vhci` and one of btvirt's controllers, for as long as it lives. */
import { closeSync, openSync, read, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { createH4Deframer } from '#kiosk/radio/h4-framing.ts';

const device = '/dev/vhci';
const server = '/tmp/bt-server-le';
/** "Make a primary controller", and the kernel's answer to it. */
const vendorPacket = 0xff;
const primary = 0x00;
const longestPacket = 4_096;

const vhci = openSync(device, 'r+');
const controller = connect(server);
const deframe = createH4Deframer((packet) => void writeSync(vhci, packet));
controller.on('data', deframe);
controller.on('error', () => process.exit(1));
controller.on('close', () => {
  closeSync(vhci);
  process.exit(0);
});

/** One packet each time. */
const pass = (): void => {
  const packet = Buffer.alloc(longestPacket);
  read(vhci, packet, 0, packet.length, null, (error, length) => {
    if (error) process.exit(1);
    if (packet[0] !== vendorPacket) controller.write(packet.subarray(0, length));
    pass();
  });
};

controller.on('connect', () => {
  writeSync(vhci, Buffer.from([vendorPacket, primary]));
  pass();
});
