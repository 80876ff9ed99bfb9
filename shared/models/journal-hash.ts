import type { AccessEvent } from './access-event.ts';

export const firstPreviousHash = '0'.repeat(64);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** JSON with keys in code-unit order and no white space (the subset of RFC 8785 that integers and strings need). */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
};

/** The text whose SHA-256 is the event's hash: both the kiosk and the backend compute it. */
export const journalHashInput = (event: Omit<AccessEvent, 'hash'>): string => {
  const { previousHash, ...rest } = event;
  return previousHash + canonicalJson(rest);
};
