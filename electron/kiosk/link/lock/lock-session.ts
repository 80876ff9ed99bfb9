/** The lock's end of a session: EDHOC responder, chain policy, then records. Sans-IO; see session.ts for how it is driven. */
import { decodeCommand } from './commands.ts';
import { encodeEarlyStart } from './early-start.ts';
import type { LockCommand } from '../wire/commands.ts';
import { authoriseChain, type ChainPorts } from './lock-authorisation.ts';
import { recheckIntermediate, type ChainReason, type VerifiedIntermediate } from '../wire/chain-policy.ts';
import { concatBytes } from '../wire/bytes.ts';
import { captureChallengeLength } from '../wire/capture-proof.ts';
import { readCertificate, type Certificate } from '../wire/certificates.ts';
import { certificateHash, encodeCredentialId, type CredentialId } from '../wire/edhoc/credentials.ts';
import { eadItem, eadLabels, findEad, refuseCritical, type EadItem } from '../wire/edhoc/ead.ts';
import {
  createMessage2,
  openMessage1,
  openMessage3,
  verifyMessage3,
  type ResponderState,
} from './responder.ts';
import { drawEphemeral, suite2 } from '../wire/edhoc/suites.ts';
import { LinkError } from '../wire/link-error.ts';
import { decodeMessage3Flight, errorMessage } from './link-messages.ts';
import { linkMessage, messageTypes, readLinkMessage } from '../wire/link-messages.ts';
import { createRecords, type RecordProtection } from '../wire/records.ts';
import { encodeResult } from './results.ts';
import type { CommandResult } from '../wire/results.ts';
import { isReleaseToken } from './release-token.ts';
import type { AcceptedChain, LockAction, LockSession } from './session.ts';
import { verifySignature, type Signer } from '../wire/signing.ts';
import type { Random } from '../../platform/random.ts';

export interface LockSessionOptions extends ChainPorts {
  readonly random: Random;
  /** The lock's own device certificate (DER). */
  readonly deviceCertificate: Uint8Array;
  /** Signs with the device key. */
  readonly sign: Signer;
  /**
   * Proves that the enrolment code is this lock's, over the kiosk's challenge (capture-proof.ts); null from a lock that is not
   * new. Without it the lock speaks version 1 of the link, and leaves the question unanswered.
   */
  readonly captureProof?: (challenge: Uint8Array) => Uint8Array | null;
  /** The frame size of a lock that takes an early start (docs/link.md); without it the lock offers none. */
  readonly earlyStart?: number;
}

/** C_R; differs from the kiosk's C_I. */
const connectionId = 1;

interface Open {
  readonly records: RecordProtection;
  readonly intermediate: VerifiedIntermediate;
  readonly chain: AcceptedChain;
}

type State =
  | { readonly name: 'new' | 'identifying' | 'ended' }
  | { readonly name: 'sent_message2'; readonly edhoc: ResponderState; readonly challenge: Uint8Array }
  | ({ readonly name: 'open' | 'working' } & Open);

type Send = LockAction & { readonly type: 'send' };

export const createLockSession = (options: LockSessionOptions): LockSession => {
  const { random, deviceCertificate, sign, expectations, cache } = options;
  const own = {
    id: encodeCredentialId({ type: 'x5t', hash: certificateHash(deviceCertificate) }),
    certificate: deviceCertificate,
    sign,
  };
  let state: State = { name: 'new' };

  const end = (
    failure: LinkError['failure'],
    reason: ChainReason | null,
    message: Uint8Array | null,
  ): LockAction => {
    state = { name: 'ended' };
    return { type: 'failed', failure, reason, message };
  };

  const seal = (records: RecordProtection, result: CommandResult): Uint8Array =>
    linkMessage(messageTypes.record, records.seal(encodeResult(result)));

  const refuseChain = (records: RecordProtection, chain: ChainReason): LockAction =>
    end('chain_refused', chain, seal(records, { type: 'refused', refusal: { reason: 'chain', chain } }));

  const proofEad = (asked: readonly EadItem[]): EadItem[] => {
    const challenge = findEad(asked, eadLabels.captureChallenge);
    if (!options.captureProof || challenge?.length !== captureChallengeLength) return [];
    return [eadItem(eadLabels.captureProof, options.captureProof(challenge))];
  };

  const earlyStartEad = (): EadItem[] =>
    options.earlyStart === undefined
      ? []
      : [eadItem(eadLabels.earlyStart, encodeEarlyStart(options.earlyStart))];

  const ownEad = (): EadItem[] => {
    const { now } = expectations();
    const usable = cache.intermediates().filter(({ certificate }) => certificate.notAfter >= now);
    const leaf = cache.leaf();
    const hashes = [...usable.map(({ hash }) => hash), ...(leaf === null ? [] : [certificateHash(leaf)])];
    const items = usable.length === 0 ? [] : [eadItem(eadLabels.cachedCertificates, concatBytes(hashes))];
    return options.wantsTime() ? [...items, eadItem(eadLabels.timeUntrusted)] : items;
  };

  const onMessage1 = (body: Uint8Array): LockAction => {
    const opened = openMessage1(suite2, body);
    refuseCritical(opened.ead);
    const ephemeral = drawEphemeral(suite2, random);
    const edhoc = createMessage2(opened, ephemeral, connectionId, own, [
      ...ownEad(),
      ...proofEad(opened.ead),
      ...earlyStartEad(),
    ]);
    state = { name: 'sent_message2', edhoc, challenge: ephemeral.publicKey };
    return { type: 'send', message: linkMessage(messageTypes.message2, edhoc.message2) };
  };

  /** The certificates that the kiosk sent or named: the Key Certificate, and the intermediate if it was sent. */
  const resolve = (id: CredentialId): { leaf: Certificate; chain: readonly Uint8Array[] } => {
    const chain = id.type === 'x5chain' ? id.certificates : cachedLeaf(id.hash);
    const [leaf] = chain;
    if (leaf === undefined) throw new LinkError('unknown_credential', 'not cached');
    return { leaf: readCertificate(leaf), chain };
  };

  const cachedLeaf = (hash: Uint8Array): Uint8Array[] => {
    const leaf = cache.leaf();
    return leaf !== null && Buffer.compare(certificateHash(leaf), hash) === 0 ? [leaf] : [];
  };

  /** Whether it is a release with the root's token for this lock and its key. Needs no more than that to be looked at. */
  const givesBack = (plain: Uint8Array): boolean => {
    const { roots, serialNumber, keyPublic } = expectations();
    try {
      const command = decodeCommand(plain);
      return (
        command.type === 'release' &&
        keyPublic !== null &&
        isReleaseToken(command.token, { serialNumber, keyPublic, roots })
      );
    } catch (error) {
      if (error instanceof LinkError) return false;
      throw error;
    }
  };

  /** Hands on the command that a record holds; a plaintext that is no command is answered and ends the session. */
  const takeCommand = (open: Open, plain: Uint8Array): LockAction => {
    let command: LockCommand;
    try {
      command = decodeCommand(plain);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      const answer = seal(open.records, { type: 'refused', refusal: { reason: 'bad_command' } });
      return end(error.failure, null, answer);
    }
    state = { ...open, name: 'working' };
    return { type: 'command', command, chain: open.chain };
  };

  const onMessage3 = (edhoc: ResponderState, challenge: Uint8Array, body: Uint8Array): LockAction => {
    const { message3, record } = decodeMessage3Flight(body);
    const opened = openMessage3(edhoc, message3);
    const { leaf, chain } = resolve(opened.id);
    const exporter = verifyMessage3(opened, {
      certificate: leaf.der,
      verify: (data, signature) => verifySignature(leaf.publicKey, data, signature, 'ieee-p1363'),
    });
    refuseCritical(opened.ead);
    const records = createRecords(exporter, 'lock');
    const plain = records.open(record);
    const presented = { chain, ead: opened.ead, challenge, givesBack: givesBack(plain) };
    const verdict = authoriseChain(options, presented);
    if (!verdict.ok) return refuseChain(records, verdict.reason);
    const { intermediate } = verdict;
    const accepted = {
      customerKey: intermediate.certificate.publicKey,
      customerEpoch: intermediate.certificate.customerEpoch ?? 0,
      keyEpoch: verdict.leaf.keyEpoch ?? 0,
    };
    return takeCommand({ records, intermediate, chain: accepted }, plain);
  };

  const onRecord = (open: Open, body: Uint8Array): LockAction => {
    const plain = open.records.open(body);
    // A session can outlive what it was opened with.
    const lapsed = recheckIntermediate(open.intermediate, expectations());
    return lapsed === null ? takeCommand(open, plain) : refuseChain(open.records, lapsed);
  };

  const receive = (message: Uint8Array): LockAction => {
    const { type, body } = readLinkMessage(message);
    const busy = state.name === 'working' || state.name === 'identifying';
    // message_1 begins anew, whatever went before: a kiosk that gave up need not reconnect.
    if (type === messageTypes.message1 && !busy) return onMessage1(body);
    if (state.name === 'ended') return { type: 'failed', failure: 'ended', reason: null, message: null };
    if (state.name === 'sent_message2' && type === messageTypes.message3) {
      return onMessage3(state.edhoc, state.challenge, body);
    }
    if (state.name === 'open' && type === messageTypes.record) return onRecord(state, body);
    if (state.name === 'new' && type === messageTypes.identify && body.length === 0) {
      state = { name: 'identifying' };
      return { type: 'identify' };
    }
    throw new LinkError('out_of_order', 'message');
  };

  const answer = (result: CommandResult): Send => {
    if (state.name !== 'working') throw new Error(`answer in state ${state.name}`);
    const { records, intermediate, chain } = state;
    // A released lock has given up the key that this session was opened with.
    state = result.type === 'release' ? { name: 'ended' } : { name: 'open', records, intermediate, chain };
    return { type: 'send', message: seal(records, result) };
  };

  return {
    receive: (message) => {
      try {
        return receive(message);
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
        return end(error.failure, null, errorMessage(error, suite2.id));
      }
    },
    answer,
    answerIdentify: (accepted) => {
      if (state.name !== 'identifying') throw new Error(`answer in state ${state.name}`);
      state = { name: 'new' };
      const message = linkMessage(messageTypes.identified, Uint8Array.of(accepted ? 1 : 0));
      return { type: 'send', message };
    },
  };
};
