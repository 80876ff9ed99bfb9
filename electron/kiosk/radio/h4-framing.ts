/**
 * H4, the transport of HCI over a byte stream (Bluetooth Core, Vol 4 Part A): each packet follows a byte with its type.
 */
export const h4 = { acl: 0x02, sco: 0x03, event: 0x04 } as const;

interface Layout {
  /** Bytes before the payload, the type included. */
  readonly header: number;
  readonly length: (packet: Buffer) => number;
}

const layouts: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [h4.acl, { header: 5, length: (packet) => packet.readUInt16LE(3) }],
  [h4.sco, { header: 4, length: (packet) => packet.readUInt8(3) }],
  [h4.event, { header: 3, length: (packet) => packet.readUInt8(2) }],
]);

/**
 * Cuts what a controller sends into packets, type included. The returned function takes the stream's chunks and answers
 * false when they are no H4: the stream cannot be picked up again after that.
 */
export const createH4Deframer = (onPacket: (packet: Buffer) => void): ((chunk: Buffer) => boolean) => {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const type = pending[0];
      if (type === undefined) return true;
      const layout = layouts.get(type);
      if (!layout) return false;
      if (pending.length < layout.header) return true;
      const end = layout.header + layout.length(pending);
      if (pending.length < end) return true;
      const packet = pending.subarray(0, end);
      pending = pending.subarray(end);
      onPacket(packet);
    }
  };
};
