/** Pulls every collection to its end, page by page. */
import { setImmediate } from 'node:timers/promises';
import type { PullAnswer } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { PulledName, Replica } from '../replica.ts';
import type { Queue } from '#shared/flow/queue.ts';
import { answered, type Answer } from './answer.ts';
import { openPins } from './sealed-pins.ts';
import type { BackendSession } from './session.ts';
import { settling } from './settling.ts';
import type { Standstill } from './standstill.ts';

/** What must be there first comes first: policy and trust before the many keys. */
export const pullOrder: readonly PulledName[] = [
  'store',
  'trust',
  'staff',
  'locks',
  'keyCertificates',
  'enrolments',
];

export const pageSize = 1000;

/** In which a request leaves this process, on a connection whose last answer has just been read. */
const turnsToSend = 2;

/** `received` of `total` documents of the collection that is being pulled. */
export type OnProgress = (progress: { readonly received: number; readonly total: number } | null) => void;

export interface PullPorts {
  readonly session: BackendSession;
  readonly replica: Replica;
  readonly onProgress: OnProgress;
  readonly enrolmentQueue: Queue;
  readonly standstill: Standstill;
  readonly logger: Pick<Logger, 'error'>;
}

/** Before this collection the backend is asked whether it still has what was delivered: once in a pull. */
const claimedWith: PulledName = 'store';
/** Comes first, and its point tells whether anything else can have come. */
const first: PulledName = 'store';

/** Rejects with the storage's `AppFailure`; everything up to there is stored and the next pull goes on from there. */
export const pullAll = async (ports: PullPorts, signal: AbortSignal): Promise<Answer<null>> => {
  const told: Told = { sealsPins: false, point: undefined };
  const settle = settling(ports.replica);
  /** Where the store stood before the others were asked for: what comes meanwhile is behind it. */
  let before: string | undefined;
  try {
    for (const collection of pullOrder) {
      const pulling = (): Promise<Answer<null>> => pullCollection(ports, collection, told, signal);
      // Never across a push: its answer would undo what a page has brought since.
      const answer = await (collection === 'enrolments' ? ports.enrolmentQueue.add(pulling) : pulling());
      if (!answer.ok) return answer;
      if (collection !== first) continue;
      if (ports.standstill.holds(told.point)) {
        settle();
        return answered(null);
      }
      before = told.point;
    }
    ports.standstill.note(before);
    settle();
    return answered(null);
  } finally {
    ports.onProgress(null);
  }
};

/** What the backend has said of itself with the store, which comes first. */
interface Told {
  sealsPins: boolean;
  /** Where it stood with the last answer. */
  point: string | undefined;
}

const pullCollection = async (
  { session, replica, onProgress, logger }: PullPorts,
  collection: PulledName,
  told: Told,
  signal: AbortSignal,
): Promise<Answer<null>> => {
  const openPin = collection === 'staff' && told.sealsPins ? session.openPin : null;
  const onUnopened = (staffId: string): void => logger.error('a PIN does not open', { staffId });
  const fetchPage = (after: number): Promise<Answer<PullAnswer>> => {
    const { seen } = replica;
    const claim = collection === claimedWith ? replica.journalClaim(session.kioskId) : null;
    const query = {
      after,
      limit: pageSize,
      ...(openPin === null ? {} : { sealedPins: 'yes' as const }),
      ...(seen === null ? {} : { seen }),
      ...(claim === null ? {} : { journal: claim }),
    };
    return session.call(routes.pull, { params: { collection }, query }, signal);
  };
  /** Names what the backend holds while everything is taken again from the start; null otherwise. */
  let held: Set<string> | null = replica.isTakenAnew(collection) ? new Set() : null;
  let received = 0;
  let after = held ? 0 : replica.cursor(collection);
  let coming = fetchPage(after);
  for (;;) {
    const answer = await coming;
    if (!answer.ok) return answer;
    const { documents, checkpoint, remaining, point, otherHistory, journalLost } = answer.value;
    if (answer.value.sealsPins) told.sealsPins = true;
    told.point = point;
    if (otherHistory ?? checkpoint < after) {
      // The backend has gone back (restored from a backup): what it holds now is taken from the start.
      if (otherHistory) replica.leaveHistory();
      else {
        replica.forgetAcknowledgements();
        replica.takeAnew(collection);
      }
      held = new Set();
      after = 0;
      coming = fetchPage(after);
      continue;
    }
    // What comes of the page may be all that tells of this point.
    replica.see(point);
    if (journalLost) replica.forgetAcknowledgements();
    const isLast = remaining === 0 || documents.length === 0;
    // The next page travels while this one is written.
    if (!isLast) {
      coming = fetchPage(checkpoint);
      // If writing this page fails, nobody will ask how the next one fared.
      coming.catch(() => undefined);
      // Node sends it in its next turn but one, and writing a page takes a whole turn.
      for (let turn = 0; turn < turnsToSend; turn += 1) await setImmediate();
    }
    received += documents.length;
    if (received + remaining > pageSize) onProgress({ received, total: received + remaining });
    if (documents.length > 0)
      await replica.applyPage(
        collection,
        openPin ? await openPins(documents, openPin, onUnopened) : documents,
      );
    for (const id of replica.idsOf(collection, documents)) held?.add(id);
    if (isLast && held) await replica.reconcile(collection, held, session.kioskId);
    // Only now: a crash in between pulls the page again, which changes nothing.
    if (checkpoint !== after || held) replica.setCursor(collection, checkpoint);
    if (isLast && held) replica.takenAnew(collection);
    if (isLast) return answered(null);
    after = checkpoint;
  }
};
