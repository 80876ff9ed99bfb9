/** H4 (Bluetooth Core, Vol 4 Part A): packets one after the other, each with its type in front. */
import { packetType } from './hci/codes.ts';

/** Bytes before the payload, type included, and where its length stands. */
const layouts = new Map<number, { header: number; length: (packet: Buffer) => number }>([
  [packetType.command, { header: 4, length: (packet) => packet.readUInt8(3) }],
  [packetType.acl, { header: 5, length: (packet) => packet.readUInt16LE(3) }],
]);

/** Returns what takes the stream's chunks. `onGarbage` is called once, when the stream is no H4: it cannot recover. */
export const createHostDeframer = (
  onPacket: (packet: Buffer) => void,
  onGarbage: () => void,
): ((chunk: Buffer) => void) => {
  let pending: Buffer = Buffer.alloc(0);
  let broken = false;
  return (chunk) => {
    if (broken) return;
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const first = pending[0];
      if (first === undefined) return;
      const layout = layouts.get(first);
      if (!layout) {
        broken = true;
        onGarbage();
        return;
      }
      if (pending.length < layout.header) return;
      const end = layout.header + layout.length(pending);
      if (pending.length < end) return;
      const packet = pending.subarray(0, end);
      pending = pending.subarray(end);
      onPacket(packet);
    }
  };
};
