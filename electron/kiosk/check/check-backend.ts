/** What the check asks of the backend: routes that need no token, and the stream, which is refused without one. */
import { signedTimeSchema } from '#shared/http/contract.ts';
import { inTime } from '#shared/flow/in-time.ts';
import { routes } from '#shared/http/routes.ts';
import { parseJson } from '#shared/models/json.ts';
import type { RequestProblem } from '../backend/answer.ts';
import { whyNoAnswer } from '../platform/why-no-answer.ts';
import type { CheckPorts, CheckResult } from './ports.ts';
import { noAnswerWords, problemWords } from './words.ts';

/** As Health calls it wrong. */
const wrongTimeMs = 60_000;
const withinMs = 20_000;
const nonceBytes = 16;
const refusedAsIsRight = 'refused';

const wordsOf = (problem: RequestProblem): string => {
  const why = 'why' in problem ? problem.why : undefined;
  return why === undefined ? problemWords[problem.kind] : noAnswerWords[why];
};

/** The time in a statement. Who signed it is known to a registered kiosk only: this looks at the form. */
const timeIn = (statement: string, nonce: string): number | null => {
  const [, payload = ''] = statement.split('.');
  const said = signedTimeSchema.safeParse(parseJson(Buffer.from(payload, 'base64url').toString())).data;
  return said?.nonce === nonce ? said.now : null;
};

/** Whether it is the backend that answers, under a certificate that is trusted here, and how far this clock is from its own. */
export const checkClock = async ({ client, clock, random }: CheckPorts): Promise<readonly CheckResult[]> => {
  const nonce = Buffer.from(random.bytes(nonceBytes)).toString('base64url');
  const sent = clock.now();
  const answer = await client.call(routes.time, { query: { nonce } }, new AbortController().signal);
  if (!answer.ok) {
    const seen = wordsOf(answer.problem);
    // Nobody can tell by a certificate alone which of the two is wrong.
    const here = seen === noAnswerWords.certificate_time ? ` It says ${new Date(sent).toISOString()}` : '';
    return [{ part: 'backend', ok: false, seen: `${seen}${here}` }];
  }
  const now = timeIn(answer.value.time, nonce);
  if (now === null) return [{ part: 'backend', ok: false, seen: noAnswerWords.portal }];
  const received = clock.now();
  const skew = Math.round((sent + received) / 2 - now);
  const seconds = Math.round(Math.abs(skew) / 1000);
  const seen = skew < 0 ? `${seconds} s behind the backend` : `${seconds} s ahead of the backend`;
  const within = {
    part: 'clock',
    ok: Math.abs(skew) <= wrongTimeMs,
    seen: seconds === 0 ? 'right' : seen,
  } as const;
  return [{ part: 'backend', ok: true, seen: `it answers, in ${Math.round(received - sent)} ms` }, within];
};

/** Without a token the backend says no, and that word has to come back through whatever lies between. */
export const checkStream = async ({ client, clock }: CheckPorts): Promise<CheckResult> => {
  const stopper = new AbortController();
  const opened = client
    .open(routes.stream, 'none', stopper.signal)
    .then((outcome) =>
      outcome.ok
        ? noAnswerWords.portal
        : outcome.problem.kind === 'unauthorised'
          ? refusedAsIsRight
          : wordsOf(outcome.problem),
    )
    .catch((error: unknown) => noAnswerWords[whyNoAnswer(error) ?? 'network']);
  const seen = await inTime({ timer: clock, ms: withinMs }, opened, () => noAnswerWords.timeout);
  stopper.abort();
  return seen === refusedAsIsRight
    ? {
        part: 'stream',
        ok: true,
        seen: 'it comes through; whether something buffers it, a registered kiosk shows under Health',
      }
    : { part: 'stream', ok: false, seen };
};
