/** What a page of docs/ says that its promises are shown by: its section "What shows it", read as tests read it. */
import { readFileSync } from 'node:fs';

export interface Shown {
  readonly section: string;
  /** What it shows, in the words of the page. */
  readonly words: string;
  readonly tests: readonly (readonly [file: string, name: string])[];
}

export interface Page {
  /** All of its sections but the one that is read here. */
  readonly sections: readonly string[];
  readonly shown: readonly Shown[];
}

const heading = 'What shows it';

/** Each file with the names after it: `file` “name”, “another name”. */
const testsIn = (text: string): Shown['tests'] =>
  [...text.matchAll(/`([\w/.-]+\.test\.ts)`((?:,? “[^”]+”)+)/g)].flatMap(([, file = '', names = '']) =>
    [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => [file, name] as const),
  );

/** An item is `- words: tests`, over several lines, below the section in bold. */
export const readPage = (file: string): Page => {
  const page = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
  const [, ...parts] = page.split(/^## /m);
  const titled = parts.map((part) => [part.slice(0, part.indexOf('\n')), part] as const);
  const list = titled.find(([title]) => title === heading)?.[1] ?? '';
  return {
    sections: titled.map(([title]) => title).filter((title) => title !== heading),
    shown: list.split(/^\*\*/m).flatMap((part) => {
      const [section = '', items = ''] = part.split('**\n');
      return items
        .split(/^- /m)
        .slice(1)
        .map((item) => item.replace(/\s+/g, ' '))
        .map((item) => ({ section, words: item.split(': `')[0] ?? '', tests: testsIn(item) }));
    }),
  };
};
