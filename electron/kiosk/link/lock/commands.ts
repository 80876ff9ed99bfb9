/** How a lock reads what it is told: the plaintext of a record from the kiosk. */
import { decodeCbor } from '../wire/cbor/decode.ts';
import { commandFrom, type LockCommand } from '../wire/commands.ts';
import { LinkError } from '../wire/link-error.ts';

/** Throws LinkError `malformed`. */
export const decodeCommand = (bytes: Uint8Array): LockCommand => {
  const command = commandFrom(decodeCbor(bytes));
  if (command === null) throw new LinkError('malformed', 'command');
  return command;
};
