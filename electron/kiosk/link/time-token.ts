/**
 * Time tokens: a time authority, certified by the root, says what time it is and signs it together with the ephemeral key
 * that the lock drew for this session. So a token is good for one session, and an old one cannot hold time still.
 */
import { isUint, membersOf, type CborValue } from './cbor/value.ts';
import { decodeCbor } from './cbor/decode.ts';
import { readCertificate } from './certificates.ts';
import { isEndEntity, isSignedBy } from './chain-policy.ts';
import { isStatementOf, readStatement, signStatement } from './cose-sign1.ts';
import { LinkError } from './link-error.ts';
import { oids } from './oids.ts';
import type { Signer } from './signing.ts';

const contextOf = (challenge: Uint8Array): CborValue => ['Latchpoint time', challenge];

/** Beyond this a time is a mistake, not a date: 9999-12-31 in seconds. */
const latest = 253_402_300_799;

/** What a time authority does. `challenge`: the lock's ephemeral key, 32 bytes. `now`: milliseconds since 1970. */
export const createTimeToken = (options: {
  readonly now: number;
  readonly challenge: Uint8Array;
  readonly certificate: Uint8Array;
  readonly sign: Signer;
}): Uint8Array =>
  signStatement(
    contextOf(options.challenge),
    [Math.floor(options.now / 1000)],
    options.sign,
    options.certificate,
  );

const readTime = (payload: Uint8Array): number => {
  const [seconds, ...others] = membersOf(decodeCbor(payload));
  if (!isUint(seconds, 0, latest) || others.length > 0) {
    throw new LinkError('malformed', 'time token');
  }
  return seconds * 1000;
};

/**
 * What a lock does: the time (milliseconds since 1970) if the token is for this session, from an authority of these roots
 * that was valid at that time, and not before `floor`; else null. Throws LinkError `malformed`.
 */
export const readTimeToken = (
  token: Uint8Array,
  challenge: Uint8Array,
  roots: readonly Uint8Array[],
  floor: number,
): number | null => {
  const statement = readStatement(token);
  if (statement.certificate === null) throw new LinkError('malformed', 'time token');
  const authority = readCertificate(statement.certificate);
  const time = readTime(statement.payload);
  const accepted =
    isEndEntity(authority, oids.timeUsage) === null &&
    isSignedBy(authority, roots) &&
    authority.notBefore <= time &&
    time <= authority.notAfter &&
    time >= floor &&
    isStatementOf(statement, contextOf(challenge), [authority.publicKey]);
  return accepted ? time : null;
};
