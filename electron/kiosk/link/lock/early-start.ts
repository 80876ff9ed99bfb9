/** The value of EAD item 32775, as a lock writes it (wire/early-start.ts). */

/** `frameSize`: 20 to 512 bytes. */
export const encodeEarlyStart = (frameSize: number): Uint8Array =>
  Uint8Array.of(frameSize >> 8, frameSize & 0xff);
