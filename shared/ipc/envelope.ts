/** What travels between page and core, the same over Electron IPC and the loopback WebSocket. */
import { z } from 'zod';
import { appErrorSchema, type AppError } from '../errors/app-error.ts';
import { callNames, streamNames } from './contract.ts';

export const answerEnvelopeSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: appErrorSchema, correlationId: z.string().max(64) }),
]);
export type AnswerEnvelope =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: AppError; readonly correlationId: string };

/** A snapshot of a stream. `epoch` changes when the core restarts; within an epoch `sequence` grows by one. */
export const snapshotEnvelopeSchema = z.strictObject({
  stream: z.enum(streamNames),
  epoch: z.string().max(64),
  sequence: z.int().min(0),
  snapshot: z.unknown(),
});
export type SnapshotEnvelope = z.infer<typeof snapshotEnvelopeSchema>;

/** Messages from the page over the WebSocket. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('call'),
    id: z.int().min(0),
    name: z.enum(callNames),
    input: z.unknown(),
  }),
  z.strictObject({ type: z.literal('subscribe'), stream: z.enum(streamNames) }),
  z.strictObject({ type: z.literal('unsubscribe'), stream: z.enum(streamNames) }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Messages from the core over the WebSocket. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('answer'), id: z.int().min(0), answer: answerEnvelopeSchema }),
  z.strictObject({ type: z.literal('snapshot'), envelope: snapshotEnvelopeSchema }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** Largest message from the page, in bytes. */
export const maxClientMessageBytes = 16_384;
