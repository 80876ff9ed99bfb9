import { z } from 'zod';
import type { ErrorCode } from '../errors/table.ts';

/** One call: what goes in, what comes out, which errors it may answer with beside `ipc.*` and `internal.*`, its deadline. */
export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
  readonly errors: readonly ErrorCode[];
  readonly deadlineMs: number;
}

/** One stream of snapshots: each replaces the one before. */
export interface StreamDefinition<S extends z.ZodType = z.ZodType> {
  readonly snapshot: S;
}

export const defineCall = <I extends z.ZodType, O extends z.ZodType>(
  definition: CallDefinition<I, O>,
): CallDefinition<I, O> => definition;

export const defineStream = <S extends z.ZodType>(snapshot: S): StreamDefinition<S> => ({ snapshot });

export const nothing = z.null();
