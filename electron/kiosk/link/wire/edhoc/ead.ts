/** External authorization data (RFC 9528, section 3.8): a label, critical when negative, and an optional byte string. */
import type { CborValue } from '../cbor/value.ts';
import { LinkError } from '../link-error.ts';

export interface EadItem {
  /** Above 0; 32768 to 65535 are for private use. */
  readonly label: number;
  readonly critical: boolean;
  readonly value: Uint8Array | null;
}

/** Labels of the link, all non-critical: an end that does not know one goes on without it. */
export const eadLabels = {
  /** EAD_2, no value: the lock's clock is not exact, it would like a time token. */
  timeUntrusted: 32768,
  /** EAD_2: hashes (the first 8 bytes of each) of the certificates that the lock has cached. */
  cachedCertificates: 32769,
  /** EAD_3: a time token. */
  timeToken: 32770,
  /** EAD_3: a revocation list. */
  revocationList: 32771,
  /** EAD_3: the whole hash (32 bytes) of an intermediate that is not sent because the lock has it cached. */
  intermediateHash: 32772,
  /** EAD_1: the challenge of a capture, 32 bytes: whether the enrolment code is the lock's. */
  captureChallenge: 32773,
  /** EAD_2: the lock's answer to it, signed with its device key; without a value from a lock that is not new. */
  captureProof: 32774,
  /** EAD_2: the lock takes an early start (docs/link.md); the largest frame that it takes and sends, 2 bytes. */
  earlyStart: 32775,
} as const;

const maxLabel = 65_535;

export const eadItem = (label: number, value: Uint8Array | null = null): EadItem => ({
  label,
  critical: false,
  value,
});

export const encodeEad = (items: readonly EadItem[]): CborValue[] =>
  items.flatMap(({ label, critical, value }) => {
    const signed = critical ? -label : label;
    return value === null ? [signed] : [signed, value];
  });

/** Reads what follows a message's fixed fields; padding (label 0) is dropped. Throws LinkError `malformed`. */
export const decodeEad = (values: readonly CborValue[]): EadItem[] => {
  const items: EadItem[] = [];
  for (let index = 0; index < values.length; index += 1) {
    const label = values[index];
    if (typeof label !== 'number' || Math.abs(label) > maxLabel)
      throw new LinkError('malformed', 'EAD label');
    const next = values[index + 1];
    const value = next instanceof Uint8Array ? next : null;
    if (value !== null) index += 1;
    if (label !== 0) items.push({ label: Math.abs(label), critical: label < 0, value });
  }
  return items;
};

/** Throws LinkError `unsupported` for a critical item: this link has none. */
export const refuseCritical = (items: readonly EadItem[]): void => {
  if (items.some((item) => item.critical)) throw new LinkError('unsupported', 'critical EAD item');
};

/** The value under `label`: its bytes, null for none, undefined if the item is absent. */
export const findEad = (items: readonly EadItem[], label: number): Uint8Array | null | undefined =>
  items.find((item) => item.label === label)?.value;
