import type { z } from 'zod';
import { inTime } from '#shared/flow/in-time.ts';
import { fail, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { calls, type CallInput, type CallName, type CallOutput } from '#shared/ipc/contract.ts';
import { maxClientMessageBytes, type AnswerEnvelope } from '#shared/ipc/envelope.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import type { KioskApi } from './api.ts';
import { failedAnswer, isUndeclared } from './correlate.ts';

export interface CallPorts {
  readonly api: KioskApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The contract again, typed so that a generic name keeps its input and output together. */
type Definitions = {
  readonly [N in CallName]: {
    readonly input: z.ZodType<CallInput<N>>;
    readonly output: z.ZodType<CallOutput<N>>;
    readonly errors: readonly ErrorCode[];
    readonly deadlineMs: number;
  };
};
const definitions: Definitions = calls;

export interface DeclaredCall<N extends CallName> {
  readonly name: N;
  readonly definition: Definitions[N];
}

export const declaredCall = <N extends CallName>(name: N): DeclaredCall<N> => ({
  name,
  definition: definitions[name],
});

/**
 * Serves one call: strict input, deadline, handler, strict output. Never rejects. Answers beside the declared codes:
 * `ipc.bad_request` (input), `ipc.timeout` (deadline), `ipc.disconnected` (`gone` aborted), `internal.unexpected`
 * (everything that should not happen, logged under the answer's correlation id).
 */
export const serveCall = async <N extends CallName>(
  { api, clock, random, logger }: CallPorts,
  { name, definition }: DeclaredCall<N>,
  input: unknown,
  gone: AbortSignal,
): Promise<AnswerEnvelope> => {
  const correlationId = random.uuid();
  const unexpected = (why: string, fields = {}): AnswerEnvelope => {
    logger.error('call failed unexpectedly', { call: name, correlationId, why, ...fields });
    return failedAnswer({ code: 'internal.unexpected', params: {} }, correlationId);
  };
  const parsed = isSmall(input) ? definition.input.safeParse(input) : null;
  if (!parsed?.success) {
    logger.warn('call refused: input', { call: name, correlationId, path: firstPath(parsed) });
    return failedAnswer({ code: 'ipc.bad_request', params: {} }, correlationId);
  }
  let result: Result<CallOutput<N>>;
  try {
    result = await withDeadline(clock, definition.deadlineMs, gone, (signal) =>
      api.calls[name](parsed.data, { signal }),
    );
  } catch (thrown) {
    return unexpected('thrown', describeThrown(thrown));
  }
  if (!result.ok) {
    const { code } = result.error;
    if (isUndeclared(code, definition.errors)) return unexpected('undeclared error', { code });
    logger.info('call answered with an error', { call: name, correlationId, code });
    return failedAnswer(result.error, correlationId);
  }
  const output = definition.output.safeParse(result.value);
  if (!output.success) return unexpected('output', { path: firstPath(output) });
  return { ok: true, value: output.data };
};

const firstPath = (parsed: z.ZodSafeParseResult<unknown> | null): string =>
  parsed?.error?.issues[0]?.path.join('.').slice(0, 80) ?? '';

/** Whether the input is plain data within the size that the WebSocket takes too: Electron's IPC has no bound of its own. */
const isSmall = (input: unknown): boolean => {
  try {
    return Buffer.byteLength(JSON.stringify(input ?? null)) <= maxClientMessageBytes;
  } catch {
    // Cyclic data or a BigInt: a structured clone carries them, JSON does not, and no input has a use for them.
    return false;
  }
};

const withDeadline = <T>(
  clock: Clock,
  deadlineMs: number,
  gone: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> => {
  if (gone.aborted) return Promise.resolve(fail('ipc.disconnected'));
  const stopper = new AbortController();
  return inTime({ timer: clock, ms: deadlineMs, signal: gone }, run(stopper.signal), (limit) => {
    stopper.abort();
    return fail(limit === 'late' ? 'ipc.timeout' : 'ipc.disconnected');
  });
};
