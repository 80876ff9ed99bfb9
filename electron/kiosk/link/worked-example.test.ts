import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { workedExample } from '#support/link-worked-example.ts';
import { chainReasons } from './wire/chain-policy.ts';
import { toHex } from './wire/bytes.ts';

const document = readFileSync(new URL('../../../docs/link.md', import.meta.url), 'utf8');

/** "name:" and indented lines of hexadecimal digits, from the document's only block of text. */
const shown = (): [string, string][] => {
  const block = /```text\n([\s\S]*?)```/.exec(document)?.[1] ?? '';
  const values: [string, string][] = [];
  for (const line of block.split('\n')) {
    const last = values.at(-1);
    if (line.endsWith(':')) values.push([line.slice(0, -1), '']);
    else if (last) last[1] += line.trim();
  }
  return values;
};

test("docs/link.md's worked example is what the code makes, byte for byte", () => {
  expect(shown()).toEqual(workedExample().map(([name, bytes]) => [name, toHex(bytes)]));
});

test('docs/link.md numbers the reasons of the chain policy as the wire does', () => {
  const rows = [...document.matchAll(/^\| (\d+) +\| `(\w+)`/gm)].map(([, code, reason]) => [
    Number(code),
    reason,
  ]);
  expect(rows).toEqual(chainReasons.map((reason, index) => [index + 1, reason]));
});
