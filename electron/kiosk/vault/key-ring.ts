/**
 * All keys that the kiosk holds at a time, and how they follow each other. One wrapped file holds the whole ring, so every
 * arrow is one durable replacement, and a kiosk that stops anywhere goes on from the state it finds:
 *
 *   current ── prepared ──► current + next ── adopted ──► current + previous ── settled ──► current
 *              (made here)                    (the backend has them)            (nothing is sealed to the previous)
 */
import { z } from 'zod';
import { readJson } from '#shared/models/json.ts';
import { decodePrivateKey, encodePrivateKey, type KioskKeys } from './kiosk-keys.ts';

export interface KeyRing {
  readonly current: KioskKeys;
  /** Made, and perhaps known to the backend: the answer may have been lost. */
  readonly next: KioskKeys | null;
  /** Key Certificates may still be sealed to it. */
  readonly previous: KioskKeys | null;
}

export const ringOf = (current: KioskKeys): KeyRing => ({ current, next: null, previous: null });

/** Every pair, the likeliest to fit first. */
export const pairsOf = ({ current, next, previous }: KeyRing): KioskKeys[] =>
  [current, next, previous].filter((pair) => pair !== null);

const pairFields = { signing: z.base64(), sealing: z.base64() };
const pairSchema = z.strictObject(pairFields);
type Pair = z.infer<typeof pairSchema>;

const ringSchema = z.discriminatedUnion('format', [
  /** One pair of pairs, outside of a rotation. */
  z.strictObject({ format: z.literal(1), ...pairFields }),
  z.strictObject({
    format: z.literal(2),
    current: pairSchema,
    next: pairSchema.nullable(),
    previous: pairSchema.nullable(),
  }),
]);

/** The plain text that the secret store wraps. The caller overwrites it. */
export const encodeKeyRing = ({ current, next, previous }: KeyRing): Uint8Array => {
  const encode = (keys: KioskKeys): Pair => ({
    signing: encodePrivateKey(keys.signing),
    sealing: encodePrivateKey(keys.sealing),
  });
  const file =
    next === null && previous === null
      ? { format: 1, ...encode(current) }
      : {
          format: 2,
          current: encode(current),
          next: next && encode(next),
          previous: previous && encode(previous),
        };
  return Buffer.from(JSON.stringify(file), 'utf8');
};

/** Throws where the bytes are not what `encodeKeyRing` made; the error carries nothing of them. */
export const decodeKeyRing = (bytes: Uint8Array): KeyRing => {
  const ring = readJson(ringSchema, Buffer.from(bytes).toString('utf8'));
  if (!ring) throw new Error('the wrapped keys are not in the expected format');
  const decode = ({ signing, sealing }: Pair): KioskKeys => ({
    signing: decodePrivateKey(signing),
    sealing: decodePrivateKey(sealing),
  });
  if (ring.format === 1) return ringOf(decode(ring));
  const { current, next, previous } = ring;
  return { current: decode(current), next: next && decode(next), previous: previous && decode(previous) };
};
