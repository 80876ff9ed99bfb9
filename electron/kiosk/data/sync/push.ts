/** Pushes what waits on the kiosk. Each row gets its own answer, so one bad row holds up no other. */
import type { PushAnswer, PushResult } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import { saidEnrolmentSchema, type EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Replica } from '../replica.ts';
import type { Queue } from '#shared/flow/queue.ts';
import { answered, failed, unreachable, type Answer } from './answer.ts';
import { awaitsUpdate, isNotYet, notYet } from './awaits-update.ts';
import type { Batches } from './batch.ts';
import type { BackendSession } from './session.ts';

/** Enrolments carry certificates, so fewer of them make a megabyte. */
const enrolmentsPerRequest = 100;
export const eventsPerRequest = 500;
/** A merged enrolment goes out again at once; this bounds a backend that never agrees. The next round goes on. */
const fruitlessRequests = 4;

export interface PushPorts {
  readonly session: BackendSession;
  readonly replica: Replica;
  readonly logger: Logger;
  /** Enrolments go both ways, one way at a time: of two answers that cross, the older one would stand. */
  readonly enrolmentQueue: Queue;
  readonly batches: Batches;
}

/** Rejects with the storage's `AppFailure`. What was sent but not noted is sent again; the backend knows it. */
export const pushAll = async (ports: PushPorts, signal: AbortSignal): Promise<Answer<null>> => {
  await ports.replica.adoptEnrolments(ports.session.kioskId);
  const enrolments = await pushEnrolments(ports, signal);
  // There can be too many enrolments for a minute, and an earlier release may turn some away; access events have no share in that.
  const isOfThese = !enrolments.ok && (enrolments.problem.kind === 'later' || isNotYet(enrolments.problem));
  if (!enrolments.ok && !isOfThese) return enrolments;
  const events = await pushEvents(ports, signal);
  return events.ok ? enrolments : events;
};

const pushEnrolments = async (ports: PushPorts, signal: AbortSignal): Promise<Answer<null>> => {
  const countWaiting = (): number => ports.replica.pendingEnrolments(Infinity).length;
  let waiting = countWaiting();
  // Events wait for no page of enrolments where there is nothing to push.
  for (let fruitless = 0; waiting > 0 && fruitless < fruitlessRequests;) {
    const answer = await ports.enrolmentQueue.add(() => pushSomeEnrolments(ports, signal));
    if (!answer.ok) return answer;
    const left = countWaiting();
    fruitless = left < waiting ? 0 : fruitless + 1;
    waiting = left;
  }
  return answered(null);
};

const pushSomeEnrolments = async (ports: PushPorts, signal: AbortSignal): Promise<Answer<null>> => {
  const { replica, logger } = ports;
  // What was changed on top of another history of the backend is not for this one, until all is taken anew.
  if (replica.isTakenAnew('enrolments')) return answered(null);
  // Read only now: a page may have changed them while this waited for its turn.
  const rows = replica.pendingEnrolments(enrolmentsPerRequest);
  if (rows.length === 0) return answered(null);
  const { seen } = replica;
  const answer = await push(ports, 'enrolments', { rows, ...(seen === null ? {} : { seen }) }, signal);
  if (!answer.ok) return answer;
  // Nothing was stored: the pull that follows takes everything anew, and says what has to be pushed then.
  if (answer.value.said.otherHistory) {
    replica.leaveHistory();
    return answered(null);
  }
  // Before anything is settled: it may be all that this backend ever said of it.
  replica.see(answer.value.said.point);
  const { results } = answer.value;
  const waits = awaitsUpdate(answer.value.said);
  for (const [pushed, result] of results) if (!waits(result)) await settle(replica, logger, pushed, result);
  return results.some(([, result]) => waits(result)) ? notYet(logger, 'enrolments') : answered(null);
};

const settle = async (
  replica: Replica,
  logger: Logger,
  pushed: EnrolmentDocument,
  result: PushResult,
): Promise<void> => {
  const { enrolmentId } = pushed;
  if (result.status === 'invalid') {
    logger.warn('enrolment refused by the backend', { enrolmentId, code: result.error.code });
    await replica.settleEnrolment(pushed, result);
    return;
  }
  const master = saidEnrolmentSchema.safeParse(result.master);
  if (master.success) {
    if (result.status === 'conflict') logger.info('enrolment changed on both sides', { enrolmentId });
    await replica.settleEnrolment(pushed, { status: result.status, master: master.data });
  } else if (result.status === 'accepted') {
    await replica.settleEnrolment(pushed, { status: 'accepted', master: pushed });
  } else {
    logger.error('conflicting enrolment unreadable', { enrolmentId });
  }
};

const pushEvents = async (ports: PushPorts, signal: AbortSignal): Promise<Answer<null>> => {
  const { replica, logger, session } = ports;
  for (;;) {
    const events = await replica.unacknowledgedEvents(eventsPerRequest);
    if (events.length === 0) return answered(null);
    const journal = replica.journalClaim(session.kioskId);
    const request = { rows: events, ...(journal === null ? {} : { journal }) };
    const answer = await push(ports, 'accessEvents', request, signal);
    if (!answer.ok) return answer;
    if (answer.value.said.journalLost) {
      replica.forgetAcknowledgements();
      continue;
    }
    const waits = awaitsUpdate(answer.value.said);
    const firstWaiting = answer.value.results.findIndex(([, result]) => waits(result));
    // From there on in their order, once it is updated: it knows those that it has.
    const results = firstWaiting < 0 ? answer.value.results : answer.value.results.slice(0, firstWaiting);
    const last = results.at(-1)?.[0];
    if (!last) return firstWaiting < 0 ? answered(null) : notYet(logger, 'accessEvents');
    const held = results.findLast(([, { status }]) => status === 'accepted')?.[0] ?? null;
    const refused = results.flatMap(([{ sequence }, result]) =>
      result.status === 'invalid' ? [{ sequence, code: result.error.code }] : [],
    );
    if (refused.length > 0) {
      const codes = [...new Set(refused.map(({ code }) => code))].join(' ');
      logger.error('access events refused by the backend', { count: refused.length, codes });
    }
    replica.acknowledgeEvents(
      last.sequence,
      refused.map(({ sequence }) => sequence),
      held,
    );
    if (firstWaiting >= 0) return notYet(logger, 'accessEvents');
  }
};

interface Pushed<T> {
  readonly said: PushAnswer;
  /** Each row with its own result. */
  readonly results: readonly (readonly [T, PushResult])[];
}

const push = async <T extends Readonly<Record<string, unknown>>>(
  { session, batches }: PushPorts,
  collection: 'enrolments' | 'accessEvents',
  request: { readonly rows: readonly T[]; readonly seen?: string; readonly journal?: string },
  signal: AbortSignal,
): Promise<Answer<Pushed<T>>> => {
  const answer = await batches.send(request.rows, (rows) =>
    session.call(routes.push, { params: { collection }, body: { ...request, rows: [...rows] } }, signal),
  );
  if (!answer.ok) return answer;
  const { sent, answer: said } = answer.value;
  const hasStored = !said.otherHistory && !said.journalLost;
  if (hasStored && said.results.length !== sent.length) return failed(unreachable);
  return answered({
    said,
    results: sent.flatMap((row, index) => {
      const result = said.results[index];
      return result ? [[row, result] as const] : [];
    }),
  });
};
