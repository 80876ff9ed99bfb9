import type { z } from 'zod';
import type { AnswerEnvelope, answerEnvelopeSchema } from '#shared/ipc/envelope.ts';

/** A parsed answer as the envelope's type, in which a success always has a value. */
export const toAnswer = (parsed: z.output<typeof answerEnvelopeSchema>): AnswerEnvelope =>
  parsed.ok ? { ok: true, value: parsed.value } : parsed;
