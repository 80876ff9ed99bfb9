/** The part of HCI (Bluetooth Core 5.4, Vol 4 Part E) that noble and bleno use. Opcodes are `OGF << 10 | OCF`. */

export const packetType = { command: 0x01, acl: 0x02, event: 0x04 } as const;

export const opcode = {
  disconnect: 0x0406,
  setEventMask: 0x0c01,
  reset: 0x0c03,
  readLeHostSupported: 0x0c6c,
  writeLeHostSupported: 0x0c6d,
  readLocalVersion: 0x1001,
  readSupportedCommands: 0x1002,
  readBufferSize: 0x1005,
  readAddress: 0x1009,
  readRssi: 0x1405,
  leSetEventMask: 0x2001,
  leReadBufferSize: 0x2002,
  leSetAdvertisingParameters: 0x2006,
  leSetAdvertisingData: 0x2008,
  leSetScanResponseData: 0x2009,
  leSetAdvertisingEnable: 0x200a,
  leSetScanParameters: 0x200b,
  leSetScanEnable: 0x200c,
  leCreateConnection: 0x200d,
  leCancelConnection: 0x200e,
  leUpdateConnection: 0x2013,
} as const;

export const eventCode = {
  disconnectionComplete: 0x05,
  commandComplete: 0x0e,
  commandStatus: 0x0f,
  completedPackets: 0x13,
  leMeta: 0x3e,
} as const;

export const leEvent = {
  connectionComplete: 0x01,
  advertisingReport: 0x02,
  connectionUpdated: 0x03,
} as const;

/** Error codes (Vol 1 Part F). */
export const status = {
  success: 0x00,
  unknownCommand: 0x01,
  unknownConnection: 0x02,
  connectionTimeout: 0x08,
  connectionExists: 0x0b,
  commandDisallowed: 0x0c,
  invalidParameters: 0x12,
  remoteEnded: 0x13,
  localEnded: 0x16,
} as const;

/** Packet boundary flags of ACL data, in the top bits of the handle field. */
export const boundary = { startFromHost: 0x0, continuing: 0x1, startToHost: 0x2 } as const;

export const role = { central: 0x00, peripheral: 0x01 } as const;

export const reportType = { connectable: 0x00, scanResponse: 0x04 } as const;
