/** What docs/first-lock.md has a person do: the commands of its code blocks, and the touches of its numbered list. */
import type { Page } from 'playwright-core';

export type Touch =
  /** A button with this word, or whose words begin with it. */
  | { readonly kind: 'touch'; readonly words: string }
  | { readonly kind: 'type'; readonly words: string }
  /** Words that the screen has to say; a number in them stands for any. */
  | { readonly kind: 'see'; readonly words: string };

/** The commands of all `sh` blocks, in order. Throws where the document has none. */
export const commandsOf = (document: string): string => {
  const blocks = [...document.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
  if (blocks.length === 0) throw new Error('the document has no commands');
  return blocks.join('');
};

/** In the numbered list: **bold** is touched, `code` typed, _italic_ seen. Throws where the document has none. */
export const touchesOf = (document: string): readonly Touch[] => {
  const list = document
    .split('\n')
    .filter(
      (line, at, all) =>
        /^\d\. /.test(line) || (/^ {3}\S/.test(line) && /^(\d\.| {3})/.test(all[at - 1] ?? '')),
    )
    .join(' ');
  const touches = [...list.matchAll(/\*\*(.+?)\*\*|`(.+?)`|(?<![\w`])_(.+?)_(?!\w)/g)].map(
    ([, bold, code, italic]): Touch =>
      bold !== undefined
        ? { kind: 'touch', words: bold }
        : code !== undefined
          ? { kind: 'type', words: code }
          : { kind: 'see', words: italic ?? '' },
  );
  if (touches.length === 0) throw new Error('the document has no touches');
  return touches;
};

const literal = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The words of a button that is touched where the document says `words`; a lock's tile is called by what a tap does, too. */
export const asTouched = (words: string): RegExp => new RegExp(`^(Open )?${literal(words)}`);

/** What is seen where the document says `words`. */
export const asSeen = (words: string): RegExp => new RegExp(`^${literal(words).replace(/\d+/g, '\\d+')}$`);

/** Does on a page what the document says, and tells it. Rejects where the page does not have it, or does not say it in time. */
export const carryOut = async (
  page: Page,
  { kind, words }: Touch,
  tell: (line: string) => void,
): Promise<void> => {
  tell(`${kind.padEnd(5)} ${words}`);
  if (kind === 'type') await page.keyboard.type(words, { delay: 150 });
  else if (kind === 'see') await page.getByText(asSeen(words)).first().waitFor();
  else
    await page
      .getByRole('button', { name: asTouched(words) })
      .first()
      .click();
};
