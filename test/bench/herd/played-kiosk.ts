/** One kiosk that comes back after an outage: it proves itself, pulls, pushes what it queued, and listens. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { waitAfter } from '#kiosk/data/sync/backoff.ts';
import { pullOrder } from '#kiosk/data/sync/pull.ts';
import { pullAnswerSchema, pushAnswerSchema, streamEvent } from '#shared/http/contract.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPoint, tokenRequest, type FleetKiosk } from './fleet.ts';
import { openConnection, requestText, type RawAnswer, type RawConnection, type Target } from './raw-http.ts';

export type Step = 'token' | 'pull' | 'push' | 'stream';

export interface Tally {
  /** One answered request, from its first try: what it waited after a "not now" is in it. */
  answered(step: Step, ms: number): void;
  /** A request was put off (429, 503, a connection that was not taken), and comes again. */
  putOff(): void;
}

export interface Returned {
  /** Of the events that it pushed: how many were acknowledged. */
  readonly acknowledged: number;
  readonly connection: RawConnection;
}

interface Plan {
  readonly target: Omit<Target, 'from'>;
  readonly events: number;
  /** Whoever is not served by then is refused for good. */
  readonly deadline: number;
  readonly tally: Tally;
  readonly heard: (kiosk: FleetKiosk) => void;
}

const answerOf = z.looseObject({ access_token: z.string() });
/** What it says of the newest event that it has delivered. */
const claimOf = ({ sequence, hash }: AccessEvent): string => `${sequence}.${hash}`;
const putOffStatuses: readonly number[] = [429, 503];

/** Rejects where an answer is none that a kiosk comes back after, or the deadline has passed. */
export const comeBack = async (kiosk: FleetKiosk, plan: Plan): Promise<Returned> => {
  const target: Target = { ...plan.target, from: kiosk.from };
  let connection: RawConnection | null = null;

  /** Until it is answered, as the kiosk's own backoff has it. */
  const persistently = async (step: Step, attempt: (on: RawConnection) => Promise<RawAnswer>) => {
    const began = performance.now();
    for (let failures = 1; ; failures += 1) {
      let answer: RawAnswer | null = null;
      try {
        connection ??= await openConnection(target);
        answer = await attempt(connection);
      } catch {
        connection?.close();
        connection = null;
      }
      if (answer?.status === 200) {
        plan.tally.answered(step, performance.now() - began);
        return answer.body;
      }
      if (answer && !putOffStatuses.includes(answer.status)) throw new Error(`${step}: ${answer.status}`);
      plan.tally.putOff();
      const problem = { kind: 'unreachable', retryAfterMs: answer?.retryAfterMs ?? null } as const;
      const waitMs = waitAfter(problem, failures, Math.random()) ?? 0;
      if (performance.now() + waitMs > plan.deadline) throw new Error(`${step}: not served in time`);
      await pause(waitMs);
    }
  };

  const body = tokenRequest(kiosk);
  const text = requestText(target, { method: 'POST', path: '/v1/token', body });
  const { access_token: token } = answerOf.parse(
    JSON.parse(await persistently('token', (on) => on.ask(text))),
  );

  let claim = claimOf(kiosk.delivered);
  /** What has changed since the outage; where nothing has, the first answer says so. */
  const pull = async (seen: string): Promise<string> => {
    let point = seen;
    for (const collection of pullOrder) {
      const path = `/v1/sync/${collection}?after=1&limit=1000&seen=${seen}${collection === 'store' ? `&journal=${claim}` : ''}`;
      const request = requestText(target, { method: 'GET', path, token });
      const page = pullAnswerSchema.parse(JSON.parse(await persistently('pull', (on) => on.ask(request))));
      if (page.otherHistory ?? page.journalLost) throw new Error('pull: another history');
      if (collection === 'store') {
        point = page.point ?? seen;
        if (point === seen) break;
      }
    }
    return point;
  };

  const point = await pull(firstPoint);
  let acknowledged = 0;
  if (plan.events > 0) {
    const rows = kiosk.journal.next(plan.events);
    const pushed = JSON.stringify({ rows, journal: claim });
    const last = rows.at(-1);
    if (last) claim = claimOf(last);
    const request = requestText(target, {
      method: 'POST',
      path: '/v1/sync/accessEvents',
      token,
      body: pushed,
    });
    const { results } = pushAnswerSchema.parse(
      JSON.parse(await persistently('push', (on) => on.ask(request))),
    );
    acknowledged = results.filter(({ status }) => status === 'accepted').length;
  }
  const streamRequest = requestText(target, { method: 'GET', path: '/v1/sync/stream', token });
  const requests = connection as RawConnection | null;
  connection = null;
  await persistently('stream', async (on) => ({
    status: await on.listen(streamRequest, (piece) => {
      if (piece.includes(`event: ${streamEvent}`)) plan.heard(kiosk);
    }),
    retryAfterMs: null,
    body: '',
  }));
  const stream = connection as RawConnection | null;
  if (!stream) throw new Error('stream: not open');
  // What came while nobody listened is asked for once the stream is open.
  connection = requests;
  await pull(point);
  connection?.close();
  return { acknowledged, connection: stream };
};
