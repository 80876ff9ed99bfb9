/** What the process that plays the kiosks is told, and what it answers. */
import { z } from 'zod';

export const orderSchema = z.object({
  url: z.url(),
  databaseUrl: z.string(),
  tenantId: z.string(),
  sealingSecret: z.string(),
  kiosks: z.int().min(1),
  /** In which all of them come, evenly. */
  withinMs: z.int().min(0),
  /** Each pushes so many that it queued. */
  events: z.int().min(0),
  changedShare: z.number(),
});
export type HerdOrder = z.infer<typeof orderSchema>;

export const herdResultSchema = z.object({
  type: z.literal('back'),
  /** Kiosks whose stream is open. */
  back: z.number(),
  /** Why others are not, the first few. */
  failures: z.array(z.string()),
  acknowledged: z.number(),
  requests: z.number(),
  putOff: z.number(),
  /** Of the answers, in ms: median, p99, longest. */
  p50: z.number(),
  p99: z.number(),
  longest: z.number(),
  /** p99 by what was asked. */
  byStep: z.record(z.string(), z.number()),
  /** From the first kiosk's coming until the last is back. */
  tookMs: z.number(),
  /** Processor time of this process, in ms. */
  ownMs: z.number(),
  /** p99 of how long it took one kiosk from its coming until it is back. */
  kioskP99: z.number(),
});
export type HerdResult = z.infer<typeof herdResultSchema>;

/** Kiosks that only listen. */
export const listenOrderSchema = orderSchema
  .pick({
    url: true,
    databaseUrl: true,
    tenantId: true,
    sealingSecret: true,
    kiosks: true,
  })
  .extend({
    /** So many commits are measured once all streams are open. */
    rounds: z.int().min(0),
  });
export type ListenOrder = z.infer<typeof listenOrderSchema>;

export const listenResultSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('made') }),
  z.object({ type: z.literal('open') }),
  z.object({
    type: z.literal('heard'),
    /** From just before each commit until each kiosk of that store heard of it. */
    heardMs: z.array(z.number()),
    /** Of a bare NOTIFY from session to session, and of one that commits a row with it. */
    notifyMs: z.array(z.number()),
    writtenMs: z.array(z.number()),
  }),
]);
export type ListenResult = z.infer<typeof listenResultSchema>;
export type PropagateResult = Extract<ListenResult, { type: 'heard' }>;
