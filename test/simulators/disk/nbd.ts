/** Of the NBD protocol (github.com/NetworkBlockDevice/nbd, doc/proto.md) the numbers and forms that a disk for QEMU needs. */

export const magic = {
  server: Buffer.from('NBDMAGIC'),
  option: Buffer.from('IHAVEOPT'),
  optionReply: 0x3e889045565a9n,
  request: 0x25609513,
  reply: 0x67446698,
} as const;
/** Fixed newstyle; no zeroes after the old option. */
export const handshakeFlags = 0b11;
export const options = { abort: 2, info: 6, go: 7 } as const;
export const optionReplies = { acknowledged: 1, info: 3, unsupported: 0x8000_0001 } as const;
/** It has flags, it knows flush, and it knows "keep this write at once" (FUA). */
export const transmissionFlags = 0b1101;
export const commands = { read: 0, write: 1, disconnect: 2, flush: 3 } as const;
export const forceUnitAccess = 1;
export const errors = { none: 0, invalid: 22 } as const;
export const lengths = { clientFlags: 4, option: 16, request: 28 } as const;

export interface Request {
  readonly flags: number;
  readonly command: number;
  readonly handle: Buffer;
  readonly offset: number;
  readonly length: number;
}

/** The greeting of a server. */
export const greeting = (): Buffer => {
  const flags = Buffer.alloc(2);
  flags.writeUInt16BE(handshakeFlags);
  return Buffer.concat([magic.server, magic.option, flags]);
};

export const optionReply = (option: number, kind: number, data: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(magic.optionReply, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(kind, 12);
  head.writeUInt32BE(data.length, 16);
  return Buffer.concat([head, data]);
};

/** What the disk is (NBD_INFO_EXPORT). */
export const exportInfo = (bytes: number): Buffer => {
  const info = Buffer.alloc(12);
  info.writeBigUInt64BE(BigInt(bytes), 2);
  info.writeUInt16BE(transmissionFlags, 10);
  return info;
};

export const readRequest = (head: Buffer): Request => {
  if (head.readUInt32BE(0) !== magic.request) throw new Error('this is no NBD request');
  return {
    flags: head.readUInt16BE(4),
    command: head.readUInt16BE(6),
    handle: Buffer.from(head.subarray(8, 16)),
    offset: Number(head.readBigUInt64BE(16)),
    length: head.readUInt32BE(24),
  };
};

export const reply = (handle: Buffer, error: number, data: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(magic.reply, 0);
  head.writeUInt32BE(error, 4);
  return Buffer.concat([head, handle, data]);
};
