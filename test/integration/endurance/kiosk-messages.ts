/** What a kiosk in a process of its own and the test that drives it tell each other. */
import { z } from 'zod';
import { appErrorSchema } from '#shared/errors/app-error.ts';
import { callNames } from '#shared/ipc/contract.ts';
import { enrolmentStates } from '#shared/models/enrolment.ts';

export const heardLockSchema = z.strictObject({ serialNumber: z.string(), provisioned: z.boolean() });
export type HeardLock = z.infer<typeof heardLockSchema>;

const openSchema = z.strictObject({
  dataDir: z.string(),
  backendUrl: z.string(),
  kioskName: z.string(),
  /** Registers itself with it when it is new. */
  registrationCode: z.string().nullable(),
  /** A clock that moves only when told to, and randomness that can be repeated; null: the machine's own. */
  manual: z.strictObject({ now: z.number(), seed: z.number() }).nullable(),
});
export type OpenKiosk = z.infer<typeof openSchema>;

const networkSchema = z.strictObject({
  /** Nothing gets through. */
  cut: z.boolean(),
  /** Which share of the requests goes wrong: not sent, answered with an error, or carried out and the answer lost. */
  faults: z.number().min(0).max(1),
  /** Somebody answers in the backend's place, and says in every way it can that the kiosk is revoked. */
  forges: z.boolean(),
});
export type NetworkWeather = z.infer<typeof networkSchema>;
export const fairWeather: NetworkWeather = { cut: false, faults: 0, forges: false };

export const toKioskSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('open'), id: z.number(), kiosk: openSchema }),
  z.strictObject({ type: z.literal('close'), id: z.number() }),
  z.strictObject({ type: z.literal('call'), id: z.number(), name: z.enum(callNames), input: z.unknown() }),
  z.strictObject({ type: z.literal('look'), id: z.number() }),
  z.strictObject({ type: z.literal('pass'), id: z.number(), ms: z.number() }),
  z.strictObject({ type: z.literal('jump'), ms: z.number() }),
  z.strictObject({ type: z.literal('network'), weather: networkSchema }),
  z.strictObject({ type: z.literal('hear'), locks: z.array(heardLockSchema) }),
  z.strictObject({ type: z.literal('lock-answer'), id: z.number(), answer: z.unknown() }),
]);
export type ToKiosk = z.input<typeof toKioskSchema>;

/** Bytes travel as base64. */
export const lockQuestionSchema = z.strictObject({
  operation: z.enum(['readEnrolment', 'provision', 'unlock', 'status', 'identify', 'events', 'release']),
  serialNumber: z.string(),
  keyCertificate: z.string().nullable(),
  intermediate: z.string().nullable(),
});
export type LockQuestion = z.infer<typeof lockQuestionSchema>;

export const lockAnswerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.record(z.string(), z.unknown()) }),
  z.strictObject({ ok: z.literal(false), error: appErrorSchema }),
]);
export type LockAnswer = z.infer<typeof lockAnswerSchema>;

/** What a person at this kiosk could see at this moment. */
export const kioskLookSchema = z.strictObject({
  phase: z.string(),
  signedIn: z.boolean(),
  staff: z.array(z.string()),
  connection: z.string(),
  waiting: z.number(),
  certificates: z.string(),
  /** Serial numbers that would open at a tap. */
  openable: z.array(z.string()),
  enrolments: z.record(z.string(), z.enum(enrolmentStates)),
});
export type KioskLook = z.infer<typeof kioskLookSchema>;

export const fromKioskSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started') }),
  /** `elapsedMs`: how long the kiosk has been open by its own clock. */
  z.strictObject({
    type: z.literal('answer'),
    id: z.number(),
    value: z.unknown(),
    elapsedMs: z.number(),
  }),
  z.strictObject({ type: z.literal('lock'), id: z.number(), question: lockQuestionSchema }),
  z.strictObject({ type: z.literal('shown'), enrolments: z.record(z.string(), z.enum(enrolmentStates)) }),
]);
export type FromKiosk = z.infer<typeof fromKioskSchema>;
