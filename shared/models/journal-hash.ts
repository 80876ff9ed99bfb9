import type { AccessEvent } from './access-event.ts';

export const firstPreviousHash = '0'.repeat(64);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** JSON with keys in code-unit order and no white space (the subset of RFC 8785 that integers and strings need). */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const members = value as Readonly<Record<string, Json | undefined>>;
  // Built up as one text: each access event is hashed before it is stored.
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const item = members[key];
    if (item === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
};

/** The text whose SHA-256 is the event's hash: both the kiosk and the backend compute it. */
export const journalHashInput = (event: Omit<AccessEvent, 'hash'>): string => {
  const { previousHash, ...rest } = event;
  return previousHash + canonicalJson(rest);
};
