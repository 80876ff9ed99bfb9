/**
 * What the core and the radio process say to each other. Structured clones carry it (`serialization: 'advanced'`, or
 * Electron's message port), so bytes stay bytes. Both ends parse what they get: the two may differ by a version.
 */
import { z } from 'zod';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const id = z.int().nonnegative();
const timeoutMs = z.number().nonnegative();

export const radioStates = ['starting', 'ready', 'no_dongle', 'no_permission', 'stuck'] as const;

export const radioFailures = [
  'not_found',
  'not_connectable',
  'timeout',
  'link_lost',
  'att_error',
  'no_dongle',
  'radio_restarted',
  'cancelled',
  'too_large',
] as const;

const failure = z.enum(radioFailures);

const handle = z.int().min(1).max(0xffff);
export const gattHandlesSchema = z.object({
  range: z.object({ start: handle, end: handle }),
  values: z.object({ info: handle, enrolment: handle, certificate: handle, tx: handle, rx: handle }),
  rxConfiguration: handle,
});
/** A message of 2 kB in the smallest frames would be more: nothing that long is sent before the lock has answered. */
const mostEarlyFrames = 16;
const earlyStart = z.object({
  handles: gattHandlesSchema,
  frames: z.array(bytes).max(mostEarlyFrames).readonly(),
});

export const radioConfigSchema = z.object({ h4: z.string().optional() });

export const toRadioSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), config: radioConfigSchema }),
  z.object({ type: z.literal('ping'), beat: z.int() }),
  z.object({
    type: z.literal('connect'),
    id,
    peer: z.string(),
    timeoutMs,
    early: earlyStart.optional(),
  }),
  z.object({
    type: z.literal('read'),
    id,
    link: id,
    characteristic: z.enum(['info', 'enrolment', 'certificate']),
    timeoutMs,
  }),
  z.object({ type: z.literal('send'), id, link: id, frame: bytes, timeoutMs }),
  z.object({ type: z.literal('close'), id, link: id }),
  z.object({ type: z.literal('cancel'), id }),
]);
export type ToRadio = z.infer<typeof toRadioSchema>;

export const fromRadioSchema = z.discriminatedUnion('type', [
  /** The process runs, and has not loaded noble yet. Before this it is told nothing. */
  z.object({ type: z.literal('hello') }),
  z.object({ type: z.literal('state'), state: z.enum(radioStates) }),
  z.object({ type: z.literal('listening'), listening: z.boolean() }),
  z.object({
    type: z.literal('adverts'),
    adverts: z.array(
      z.object({
        peer: z.string(),
        rssi: z.number().nullable(),
        manufacturerData: bytes,
        serviceData: bytes.nullable(),
      }),
    ),
  }),
  z.object({ type: z.literal('pong'), beat: z.int() }),
  /** The connection of that `connect` stands; discovery follows. */
  z.object({ type: z.literal('connected'), id }),
  /** `connect` answers with the link, whose number is the id of the call; `read` with a value; the others with nothing. */
  z.object({
    type: z.literal('done'),
    id,
    maxFrame: z.int().optional(),
    handles: gattHandlesSchema.nullable().optional(),
    value: bytes.optional(),
  }),
  z.object({ type: z.literal('failed'), id, failure }),
  z.object({ type: z.literal('frame'), link: id, frame: bytes }),
  z.object({ type: z.literal('ended'), link: id, failure }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['info', 'warn', 'error']),
    event: z.string(),
    detail: z.string().optional(),
  }),
]);
export type FromRadio = z.infer<typeof fromRadioSchema>;
