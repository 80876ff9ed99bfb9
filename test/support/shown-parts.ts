/** The page built so that it tells what of it was drawn and said: for the test that no part of it is without a picture. */
import { readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Plugin } from 'vite';
import { z } from 'zod';

/** What the page keeps it in. */
const kept = 'globalThis.shownParts';
const add = (what: string): string => `(${kept} ??= new Set()).add(${what});`;

const begin = /<script lang="ts"[^>]*>/;
const said = 'export const say = (key: MessageKey, params: MessageValues): string => {';

/** For `buildPage`. */
export const withShownParts: Plugin = {
  name: 'shown-parts',
  enforce: 'pre',
  transform: (code, id) => {
    const part = /\/renderer\/(\w+\/\w+\.svelte)$/.exec(id)?.[1];
    if (part) {
      if (!begin.test(code)) throw new Error(`${part} has no script to tell by that it is drawn`);
      return code.replace(begin, (tag) => `${tag}\n${add(JSON.stringify(part))}`);
    }
    if (!id.endsWith('/renderer/i18n/translate.ts')) return null;
    if (!code.includes(said)) throw new Error('the page says its words in another way');
    return code.replace(said, `${said}\n${add('key')}`);
  },
};

/** The components that were drawn, and the keys of the messages that were said, since the page was opened. */
export const shownParts = async (page: Page): Promise<readonly string[]> =>
  z.array(z.string()).parse(await page.evaluate(`[...(${kept} ?? [])]`));

const folders = ['screens', 'ui'] as const;

/** Every component of the page that is drawn by another: `screens/Counter.svelte`. */
export const everyComponent = (): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(new URL(`../../renderer/${folder}/`, import.meta.url))
      .filter((name) => name.endsWith('.svelte'))
      .map((name) => `${folder}/${name}`),
  );
