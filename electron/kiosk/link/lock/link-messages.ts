/** The messages that a lock alone reads or writes: wire/link-messages.ts has the others, and the types. */
import { decodeSequence } from '../wire/cbor/decode.ts';
import { encodeCbor, encodeSequence } from '../wire/cbor/encode.ts';
import { LinkError } from '../wire/link-error.ts';
import { linkMessage, messageTypes } from '../wire/link-messages.ts';

/** Throws LinkError `malformed`. `message3` is given back in its encoding. */
export const decodeMessage3Flight = (body: Uint8Array): { message3: Uint8Array; record: Uint8Array } => {
  const [message3, record, ...others] = decodeSequence(body, 2);
  if (!(message3 instanceof Uint8Array) || !(record instanceof Uint8Array) || others.length > 0) {
    throw new LinkError('malformed', 'message_3 and record');
  }
  return { message3: encodeCbor(message3), record };
};

/** EDHOC error codes (RFC 9528, section 6). */
const unspecified = 1;
const wrongSuite = 2;
const unknownCredential = 3;

/** The error message for a failure; it names the failure and nothing else. `suite`: the one this end has. */
export const errorMessage = (error: LinkError, suite: number): Uint8Array => {
  const body =
    error.failure === 'unsupported' && error.message.includes('cipher suite')
      ? [wrongSuite, suite]
      : error.failure === 'unknown_credential'
        ? [unknownCredential, true]
        : [unspecified, error.failure];
  return linkMessage(messageTypes.error, encodeSequence(body));
};
