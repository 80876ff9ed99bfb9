/** A link message is a type byte and a body. Which types there are, and the bodies that are not EDHOC's own. */
import { concatBytes } from './bytes.ts';
import { encodeCbor } from './cbor/encode.ts';
import { LinkError } from './link-error.ts';

export const messageTypes = {
  message1: 0x01,
  message2: 0x02,
  /** message_3 and the first record, a CBOR sequence of two byte strings. */
  message3: 0x03,
  record: 0x04,
  /** An EDHOC error message: CBOR sequence of a code and its information. */
  error: 0x05,
  /** `identify` without a session, for an unprovisioned lock; no body. */
  identify: 0x10,
  /** Its answer: one byte, 1 for done, 0 for not now. */
  identified: 0x11,
} as const;
export type MessageType = (typeof messageTypes)[keyof typeof messageTypes];

export const linkMessage = (type: MessageType, body: Uint8Array = new Uint8Array()): Uint8Array =>
  concatBytes([Uint8Array.of(type), body]);

/** Throws LinkError `malformed` for an empty message. */
export const readLinkMessage = (message: Uint8Array): { type: number; body: Uint8Array } => {
  const [type] = message;
  if (type === undefined) throw new LinkError('malformed', 'empty message');
  return { type, body: message.subarray(1) };
};

export const encodeMessage3Flight = (message3: Uint8Array, record: Uint8Array): Uint8Array =>
  linkMessage(messageTypes.message3, concatBytes([message3, encodeCbor(record)]));

/** Plain `identify`, as the kiosk sends it. */
export const plainIdentify = linkMessage(messageTypes.identify);

/** Whether the lock blinks; null for a message that is no answer to `plainIdentify`. */
export const readIdentified = (message: Uint8Array): boolean | null => {
  const [type, done] = message;
  if (message.length !== 2 || type !== messageTypes.identified || done === undefined || done > 1) return null;
  return done === 1;
};
