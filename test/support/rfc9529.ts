/** The published traces of EDHOC (RFC 9529), by section and name. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fromHex } from '#kiosk/link/wire/bytes.ts';

const traceSchema = z.object({
  sections: z.record(
    z.string(),
    z.array(z.object({ part: z.string(), what: z.string(), form: z.string(), hex: z.string() })),
  ),
});

const { sections } = traceSchema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/rfc9529.json', import.meta.url), 'utf8')),
);

/** Every value of a section, in the order of the document. */
export const traceRows = (
  section: string,
): { part: string; what: string; form: string; bytes: Uint8Array }[] =>
  (sections[section] ?? []).map(({ hex, ...row }) => ({ ...row, bytes: fromHex(hex) }));

/** The first value called `what` in a section, in parts whose name starts with `part`. Throws if there is none. */
export const traceValue = (section: string, what: string, part = ''): Uint8Array => {
  const row = traceRows(section).find((each) => each.what === what && each.part.startsWith(part));
  if (!row) throw new Error(`RFC 9529 section ${section} has no ${what}`);
  return row.bytes;
};
