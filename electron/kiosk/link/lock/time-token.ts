/**
 * Time tokens: a time authority, certified by the root, says what time it is and signs it together with the ephemeral key
 * that the lock drew for this session. So a token is good for one session, and an old one cannot hold time still.
 */
import { isUint, itemsOf, type CborValue } from '../wire/cbor/value.ts';
import { decodeCbor } from '../wire/cbor/decode.ts';
import { readCertificate } from '../wire/certificates.ts';
import { isEndEntity, isSignedBy } from '../wire/chain-policy.ts';
import { isStatementOf, readStatement } from '../wire/cose-sign1.ts';
import { LinkError } from '../wire/link-error.ts';
import { oids } from '../wire/oids.ts';

/** What a time token is signed in, and for which session. */
export const timeContext = (challenge: Uint8Array): CborValue => ['Latchpoint time', challenge];

/** Beyond this a time is a mistake, not a date: 9999-12-31 in seconds. */
const latest = 253_402_300_799;

const readTime = (payload: Uint8Array): number => {
  const [seconds, ...others] = itemsOf(decodeCbor(payload));
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
    isStatementOf(statement, timeContext(challenge), [authority.publicKey]);
  return accepted ? time : null;
};
