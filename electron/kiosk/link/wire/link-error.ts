/** How a session ends when it does not end well. Each has one meaning at either end; docs/link.md has the table. */
export type LinkFailure =
  /** A frame's sequence number, length or flag is wrong. */
  | 'bad_frame'
  /** A message, certificate or token that is not in its one valid form. */
  | 'malformed'
  /** A message that does not belong to this point of the session. */
  | 'out_of_order'
  /** A method, cipher suite or critical EAD item that this end does not have. */
  | 'unsupported'
  /** The other end named a credential that this end neither has nor was given. */
  | 'unknown_credential'
  /** The lock is not the one that was enrolled: another certificate, or a signature that it could not make. */
  | 'not_genuine'
  /** The kiosk's signature or message_3 does not verify. */
  | 'not_authentic'
  /** A record that does not decrypt: changed, repeated, reordered, or under another key. */
  | 'bad_record'
  /** The chain is authentic but not acceptable; the reason is named beside it. */
  | 'chain_refused'
  /** The other end sent an EDHOC error message, which nothing authenticates. */
  | 'peer_error'
  /** The session had ended before. */
  | 'ended';

/** Thrown inside the link only; its sessions and public checks turn it into data. Never carries received bytes. */
export class LinkError extends Error {
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure, detail: string, options?: { cause?: unknown }) {
    super(`${failure}: ${detail}`, options);
    this.name = 'LinkError';
    this.failure = failure;
  }
}
