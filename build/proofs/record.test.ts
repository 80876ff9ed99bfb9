import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { proofParts, partNames } from './proofs.ts';
import { provenDocument, readSeen, type SeenProof } from './record.ts';

const seen: SeenProof = {
  id: 'dongle-check',
  held: false,
  words: 'it said | no adapter,\nand ended',
  on: 'an adapter; Linux 6.1.0 x64',
  commit: '0123abcd',
  day: '2026-11-30',
};

describe('docs/proven.md', () => {
  it('is what this program writes of what it says, with a row for each proof', () => {
    const document = readFileSync(new URL('../../docs/proven.md', import.meta.url), 'utf8');
    expect(provenDocument(readSeen(document))).toBe(document);
    const ids = partNames.flatMap((name) => proofParts[name].proofs.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(document).toContain(`| \`${id}\``);
  });

  it('keeps what was seen, in one line, until it is seen again', () => {
    const once = provenDocument(new Map([[seen.id, seen]]));
    expect(readSeen(once)).toEqual(
      new Map([[seen.id, { ...seen, words: 'it said / no adapter, and ended' }]]),
    );
    const again = provenDocument(new Map(readSeen(once)).set(seen.id, { ...seen, held: true, words: 'ok' }));
    expect([...readSeen(again).values()]).toEqual([{ ...seen, held: true, words: 'ok' }]);
  });

  it('says of what nobody has seen that nobody has', () => {
    expect(readSeen(provenDocument(new Map())).size).toBe(0);
  });
});
