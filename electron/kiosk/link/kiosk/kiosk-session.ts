/** The kiosk's end of a session: EDHOC initiator, then records. Sans-IO; see session.ts for how it is driven. */
import { encodeCommand, type LockCommand } from '../wire/commands.ts';
import { equalBytes } from '../wire/bytes.ts';
import { readCertificate } from '../wire/certificates.ts';
import {
  certificateHash,
  certificateHashLength,
  encodeCredentialId,
  type CredentialId,
} from '../wire/edhoc/credentials.ts';
import { readEarlyStart } from '../wire/early-start.ts';
import { eadItem, eadLabels, findEad, refuseCritical, type EadItem } from '../wire/edhoc/ead.ts';
import {
  createMessage3,
  openMessage2,
  startInitiator,
  verifyMessage2,
  type InitiatorStart,
  type OpenedMessage2,
  type VerifiedMessage2,
} from './initiator.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import { drawEphemeral, suite2 } from '../wire/edhoc/suites.ts';
import { maxMessage } from '../wire/frames.ts';
import { LinkError, type LinkFailure } from '../wire/link-error.ts';
import { encodeMessage3Flight, linkMessage, messageTypes, readLinkMessage } from '../wire/link-messages.ts';
import { createRecords, type RecordProtection } from '../wire/records.ts';
import { decodeResult } from '../wire/results.ts';
import type { KioskAction, KioskSession, SessionAttachments, SessionCredentials } from './session.ts';
import { verifySignature } from '../wire/signing.ts';
import type { Random } from '../../platform/random.ts';

export interface KioskSessionOptions {
  readonly random: Random;
  /** The genuine lock's device certificate (DER), as learnt at enrolment. */
  readonly deviceCertificate: Uint8Array;
  /** Asks the lock to prove whose its enrolment code is: 32 bytes (wire/capture-proof.ts). */
  readonly captureChallenge?: Uint8Array;
}

/** C_I: nothing needs to tell the sessions of one connection apart. */
const connectionId = 0;

type State =
  | { readonly name: 'new' }
  | { readonly name: 'sent_message1'; readonly start: InitiatorStart }
  | { readonly name: 'ready'; readonly verified: VerifiedMessage2; readonly cached: readonly Uint8Array[] }
  | { readonly name: 'waiting' | 'open'; readonly records: RecordProtection }
  | { readonly name: 'ended' };

/** The hashes in the lock's EAD_2; none where there is no such item. Throws LinkError `malformed`. */
const readCached = (ead: readonly EadItem[]): Uint8Array[] => {
  const value = findEad(ead, eadLabels.cachedCertificates) ?? new Uint8Array();
  if (value.length % certificateHashLength !== 0) throw new LinkError('malformed', 'cached certificates');
  return Array.from({ length: value.length / certificateHashLength }, (_, index) =>
    value.slice(index * certificateHashLength, (index + 1) * certificateHashLength),
  );
};

/** Throws LinkError `malformed` when the device certificate learnt at enrolment is none: the caller's mistake. */
export const createKioskSession = (options: KioskSessionOptions): KioskSession => {
  const { random, deviceCertificate, captureChallenge } = options;
  const deviceKey = readCertificate(deviceCertificate).publicKey;
  let state: State = { name: 'new' };

  const fail = (failure: LinkFailure): KioskAction => {
    const committed = state.name === 'waiting';
    state = { name: 'ended' };
    return { type: 'failed', failure, committed };
  };

  const authenticateLock = (opened: OpenedMessage2): VerifiedMessage2 => {
    const { id } = opened;
    if (id.type !== 'x5t' || !equalBytes(id.hash, certificateHash(deviceCertificate))) {
      throw new LinkError('not_genuine', 'another device certificate');
    }
    const verified = verifyMessage2(opened, {
      certificate: deviceCertificate,
      verify: (data, signature) => verifySignature(deviceKey, data, signature, 'ieee-p1363'),
    });
    refuseCritical(opened.ead);
    return verified;
  };

  const onMessage2 = (start: InitiatorStart, body: Uint8Array): KioskAction => {
    const opened = openMessage2(start, body);
    const verified = authenticateLock(opened);
    state = { name: 'ready', verified, cached: readCached(opened.ead) };
    const wantsTime = findEad(opened.ead, eadLabels.timeUntrusted) !== undefined;
    const captureProof = captureChallenge && findEad(opened.ead, eadLabels.captureProof);
    return {
      type: 'ready',
      timeChallenge: wantsTime ? opened.ephemeralR : null,
      earlyStart: readEarlyStart(findEad(opened.ead, eadLabels.earlyStart)),
      ...(captureProof === undefined ? {} : { captureProof }),
    };
  };

  const onRecord = (records: RecordProtection, body: Uint8Array): KioskAction => {
    const result = decodeResult(records.open(body));
    const over =
      result.type === 'release' || (result.type === 'refused' && result.refusal.reason === 'chain');
    state = over ? { name: 'ended' } : { name: 'open', records };
    return { type: 'result', result };
  };

  const receive = (message: Uint8Array): KioskAction => {
    if (state.name === 'ended') return { type: 'failed', failure: 'ended', committed: false };
    const { type, body } = readLinkMessage(message);
    if (type === messageTypes.error) return fail('peer_error');
    if (state.name === 'sent_message1' && type === messageTypes.message2)
      return onMessage2(state.start, body);
    if (state.name === 'waiting' && type === messageTypes.record) return onRecord(state.records, body);
    return fail('out_of_order');
  };

  /** Names this end as briefly as the lock's cache allows. */
  const ownId = (
    { keyCertificate, intermediate }: SessionCredentials,
    cached: readonly Uint8Array[],
  ): CredentialId => {
    const knows = (certificate: Uint8Array): boolean =>
      cached.some((hash) => equalBytes(hash, certificateHash(certificate)));
    if (!knows(intermediate)) return { type: 'x5chain', certificates: [keyCertificate, intermediate] };
    if (!knows(keyCertificate)) return { type: 'x5chain', certificates: [keyCertificate] };
    return { type: 'x5t', hash: certificateHash(keyCertificate) };
  };

  const firstFlight = (
    { verified, cached }: Extract<State, { name: 'ready' }>,
    command: Uint8Array,
    credentials: SessionCredentials,
    { timeToken, revocationList }: SessionAttachments,
  ): { message: Uint8Array; records: RecordProtection } => {
    const ead: EadItem[] = [];
    if (timeToken) ead.push(eadItem(eadLabels.timeToken, timeToken));
    if (revocationList) ead.push(eadItem(eadLabels.revocationList, revocationList));
    const { keyCertificate, intermediate, sign } = credentials;
    const id = ownId(credentials, cached);
    // An intermediate that stays behind is proved to be here.
    const isSent = id.type === 'x5chain' && id.certificates.length === 2;
    if (!isSent) ead.push(eadItem(eadLabels.intermediateHash, sha256(intermediate)));
    const own = { id: encodeCredentialId(id), certificate: keyCertificate, sign };
    const { message3, exporter } = createMessage3(verified, own, ead);
    const records = createRecords(exporter, 'kiosk');
    return { message: encodeMessage3Flight(message3, records.seal(command)), records };
  };

  const command = (
    toSend: LockCommand,
    credentials: SessionCredentials,
    attachments: SessionAttachments = {},
  ): KioskAction => {
    const bytes = encodeCommand(toSend);
    if (state.name === 'open') {
      const { records } = state;
      state = { name: 'waiting', records };
      return {
        type: 'send',
        message: linkMessage(messageTypes.record, records.seal(bytes)),
        committed: true,
      };
    }
    if (state.name !== 'ready') throw new Error(`command in state ${state.name}`);
    let flight = firstFlight(state, bytes, credentials, attachments);
    // A revocation list can wait for another session; the command can't.
    if (flight.message.length > maxMessage && attachments.revocationList) {
      const { timeToken } = attachments;
      attachments.onListLeftOut?.();
      flight = firstFlight(state, bytes, credentials, timeToken ? { timeToken } : {});
    }
    state = { name: 'waiting', records: flight.records };
    return { type: 'send', message: flight.message, committed: true };
  };

  return {
    start: () => {
      if (state.name !== 'new') throw new Error(`start in state ${state.name}`);
      const asked = captureChallenge ? [eadItem(eadLabels.captureChallenge, captureChallenge)] : [];
      const start = startInitiator(suite2, drawEphemeral(suite2, random), connectionId, asked);
      state = { name: 'sent_message1', start };
      return { type: 'send', message: linkMessage(messageTypes.message1, start.message1), committed: false };
    },
    receive: (message) => {
      try {
        return receive(message);
      } catch (error) {
        if (error instanceof LinkError) return fail(error.failure);
        throw error;
      }
    },
    command,
  };
};
