/**
 * A kiosk under load, as the backend sees one: it records, hands in, captures and pulls, and comes back with the kiosk's own pauses
 * whatever happens to its requests. It remembers what was acknowledged.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { waitAfter } from '#kiosk/data/sync/backoff.ts';
import { pullAnswerSchema, pushAnswerSchema, tokenAnswerSchema } from '#shared/http/contract.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { tokenRequest, type FleetKiosk } from '../bench/herd/fleet.ts';
import { openConnection, requestText, type RawConnection, type Target } from '../bench/herd/raw-http.ts';
import { newCapture, someSerial } from '../integration/backend/test-kiosk.ts';

export interface Counter {
  readonly kiosk: FleetKiosk;
  /** Everything that it has recorded, in order, from the event that was delivered first. */
  readonly recorded: readonly AccessEvent[];
  /** How many of those are acknowledged. */
  readonly acknowledged: number;
  /** Acknowledged captures. */
  readonly captured: readonly EnrolmentDocument[];
  /** How often the backend said that it has not got what it had acknowledged. */
  readonly lostAtBackend: number;
  readonly putOff: number;
  /** Statuses that no kiosk comes back after. */
  readonly refused: readonly string[];
  /** Records nothing more, and ends once all is handed in. */
  finish(): Promise<void>;
}

interface Plan {
  readonly target: Omit<Target, 'from'>;
  /** Told with each acknowledged push. */
  readonly acknowledged?: () => void;
  /** Between two rounds; and after a failure instead of the kiosk's own pause. */
  readonly paceMs: number;
  readonly failureMs?: number;
  readonly captures: boolean;
}

const refusal = z.looseObject({ error: z.looseObject({ code: z.string() }) });
const mostInAPush = 100;
const roundsPerPull = 4;
const roundsPerCapture = 20;

export const startCounter = (kiosk: FleetKiosk, plan: Plan): Counter => {
  const target: Target = { ...plan.target, from: kiosk.from };
  const recorded: AccessEvent[] = [kiosk.delivered];
  const captured: EnrolmentDocument[] = [];
  const refused: string[] = [];
  let [delivered, lostAtBackend, putOff, failures] = [1, 0, 0, 0];
  let isFinishing = false;
  /** One whole round since then, so that it has heard of all that is to be handed in again. */
  let isHeardOut = false;
  let connection: RawConnection | null = null;
  let token = '';
  let waiting: EnrolmentDocument | null = null;
  let seen: string | null = null;
  let owesCaptures = false;

  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> => {
    connection ??= await openConnection(target);
    const isToken = path === '/v1/token';
    const answer = await connection.ask(
      requestText(target, {
        method,
        path,
        ...(isToken ? {} : { token }),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    if (answer.status === 200) return answer.body;
    if (answer.status === 401) token = '';
    else if (answer.status < 500 && answer.status !== 429) {
      const { data } = refusal.safeParse(JSON.parse(answer.body));
      refused.push(`${method} ${path}: ${answer.status} ${data?.error.code ?? ''}`);
    }
    throw Object.assign(new Error('put off'), { retryAfterMs: answer.retryAfterMs });
  };
  const claim = (): string => {
    const last = recorded[delivered - 1] ?? kiosk.delivered;
    return `${last.sequence}.${last.hash}`;
  };
  /** What it had heard to be stored is not: it hands in everything again that it still has. */
  const handInAgain = (): void => {
    lostAtBackend += 1;
    delivered = 0;
  };

  const push = async (): Promise<void> => {
    const rows = recorded.slice(delivered, delivered + mostInAPush);
    if (rows.length === 0) return;
    const said = delivered === 0 ? {} : { journal: claim() };
    const answer = pushAnswerSchema.parse(
      JSON.parse(await ask('POST', '/v1/sync/accessEvents', { rows, ...said })),
    );
    if (answer.journalLost) {
      handInAgain();
      return;
    }
    if (answer.results.some(({ status }) => status !== 'accepted')) throw new Error('an event was not taken');
    delivered += rows.length;
    plan.acknowledged?.();
  };
  /** Another history: everything anew, and what it captured is handed in again. */
  const hear = ({
    otherHistory,
    point,
  }: {
    otherHistory?: true | undefined;
    point?: string | undefined;
  }): void => {
    if (otherHistory) owesCaptures = true;
    seen = otherHistory ? null : (point ?? seen);
  };
  const pull = async (): Promise<void> => {
    const known = seen === null ? '' : `&seen=${seen}`;
    const has = delivered === 0 ? '' : `&journal=${claim()}`;
    const path = `/v1/sync/store?after=0&limit=10${known}${has}`;
    const page = pullAnswerSchema.parse(JSON.parse(await ask('GET', path)));
    if (page.journalLost) handInAgain();
    hear(page);
  };
  const capture = async (document: EnrolmentDocument): Promise<boolean> => {
    const known = seen === null ? {} : { seen };
    const said = await ask('POST', '/v1/sync/enrolments', { rows: [document], ...known });
    const answer = pushAnswerSchema.parse(JSON.parse(said));
    hear(answer);
    const status = answer.results[0]?.status;
    if (status === 'invalid') refused.push(`a capture of ${document.kioskId}: invalid`);
    // What the backend holds of it by now may be further on.
    return status !== undefined;
  };

  const handInCapturesLater = (failure: unknown): never => {
    owesCaptures = true;
    throw failure;
  };
  const round = async (n: number): Promise<void> => {
    if (token === '')
      token = tokenAnswerSchema.parse(
        JSON.parse(await ask('POST', '/v1/token', tokenRequest(kiosk))),
      ).access_token;
    await push();
    if (n % roundsPerPull === 0 || isFinishing) await pull();
    if (owesCaptures) {
      owesCaptures = false;
      for (const each of captured) await capture(each).catch(handInCapturesLater);
    }
    if (plan.captures && n % roundsPerCapture === 0 && !isFinishing)
      waiting ??= newCapture(kiosk.kioskId, someSerial());
    if (waiting && (await capture(waiting))) {
      captured.push(waiting);
      waiting = null;
    }
  };

  const run = async (): Promise<void> => {
    for (let n = 1; !isHeardOut || delivered < recorded.length || waiting || seen === null; n += 1) {
      if (!isFinishing) recorded.push(...kiosk.journal.next(1));
      let waitMs = plan.paceMs;
      try {
        const isLast = isFinishing;
        await round(n);
        isHeardOut = isLast && !owesCaptures;
        failures = 0;
      } catch (failure) {
        connection?.close();
        connection = null;
        failures += 1;
        putOff += 1;
        const asked = z.object({ retryAfterMs: z.number().nullable() }).safeParse(failure).data;
        const problem = { kind: 'unreachable', retryAfterMs: asked?.retryAfterMs ?? null } as const;
        waitMs = plan.failureMs ?? waitAfter(problem, failures, Math.random()) ?? 0;
      }
      await pause(waitMs);
    }
    connection?.close();
  };
  const running = run();
  return {
    kiosk,
    recorded,
    captured,
    refused,
    get acknowledged() {
      return delivered;
    },
    get lostAtBackend() {
      return lostAtBackend;
    },
    get putOff() {
      return putOff;
    },
    finish: async () => {
      isFinishing = true;
      await running;
    },
  };
};
