/** What the air panel shows and what it can do. The panel's server sends the state as server-sent events. */
import { z } from 'zod';

export const vendorModes = ['normal', 'slow', 'down', 'lose_answer'] as const;

export const panelStateSchema = z.strictObject({
  kioskUrl: z.string().nullable(),
  /** Shown only while the kiosk is not registered. */
  registrationCode: z.string().nullable(),
  network: z.enum(['up', 'cut']),
  dongle: z.enum(['in', 'out']),
  /** The kiosk's wall clock minus the true time, in ms. */
  kioskClockOffsetMs: z.int(),
  intermediate: z.strictObject({ validUntil: z.int(), renewal: z.enum(['on', 'withheld']) }),
  vendor: z.enum(vendorModes),
  locks: z.array(
    z.strictObject({
      serialNumber: z.string(),
      name: z.string(),
      /** Metres from the kiosk; 0.3 to 40. Beyond 30 nothing is heard. */
      distance: z.number(),
      provisioned: z.boolean(),
      ofThisStore: z.boolean(),
      /** The vendor has revoked its Key Certificate: it opens until it has heard of it. */
      keyRevoked: z.boolean(),
      /** The back office has ordered that it is given back: a person at the kiosk does that. */
      toBeReleased: z.boolean(),
      boltOpen: z.boolean(),
      tamper: z.boolean(),
      blinking: z.boolean(),
      battery: z.int(),
    }),
  ),
});
export type PanelState = z.infer<typeof panelStateSchema>;

/** POST /api/actions with one of these; 204, or 400 with `{ "problem": string }`. */
export const panelActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('network'), to: z.enum(['up', 'cut']) }),
  z.strictObject({ type: z.literal('dongle'), to: z.enum(['in', 'out']) }),
  z.strictObject({ type: z.literal('kiosk_clock'), offsetMs: z.int().min(-1e12).max(1e12) }),
  /** The vendor withholds renewal and delivers an intermediate that lapses in `seconds`. */
  z.strictObject({ type: z.literal('lapse_intermediate'), seconds: z.int().min(5).max(3600) }),
  z.strictObject({ type: z.literal('renew_intermediate') }),
  z.strictObject({ type: z.literal('vendor'), to: z.enum(vendorModes) }),
  z.strictObject({
    type: z.literal('move_lock'),
    serialNumber: z.string(),
    distance: z.number().min(0.3).max(40),
  }),
  z.strictObject({ type: z.literal('battery'), serialNumber: z.string(), percent: z.int().min(0).max(100) }),
  z.strictObject({ type: z.literal('tamper'), serialNumber: z.string(), on: z.boolean() }),
  /** Its battery is taken out and put back: the lock forgets the time. */
  z.strictObject({ type: z.literal('lose_power'), serialNumber: z.string() }),
  /** The vendor revokes the lock's Key Certificate; the list goes to the backend, to the kiosk, and with it to the lock. */
  z.strictObject({ type: z.literal('revoke_key'), serialNumber: z.string() }),
  /** The back office orders that the lock is given back; the order goes to the kiosk, where a person carries it out. */
  z.strictObject({ type: z.literal('order_release'), serialNumber: z.string() }),
]);
export type PanelAction = z.infer<typeof panelActionSchema>;
