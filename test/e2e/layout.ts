/** What is wrong with the layout of a page as it is drawn now: for tests of every screen at every size. */
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** Names that people gave may be cut where they are told apart otherwise; chips slide sideways by themselves. */
const mayBeCut = '.cut, .name span, input';
const slides = '.chips';

/** What is cut in a sheet and does not show at its edge that it goes on, or shows it and does not. */
const edgeFaults = async (page: Page): Promise<string[]> =>
  z.array(z.string()).parse(
    await page.evaluate(`[...document.querySelectorAll('dialog[open] .inside, dialog[open] .inside *')].flatMap((one) => {
      if (!['auto', 'scroll'].includes(getComputedStyle(one).overflowY)) return [];
      const foot = one.matches('.inside') && one.querySelector('.foot');
      const sticks = foot && getComputedStyle(foot).position === 'sticky';
      const mark = (edge, styles) => parseFloat(styles.getPropertyValue('--cut-' + edge)) > 1;
      const own = getComputedStyle(one);
      const above = one.scrollTop;
      const below = one.scrollHeight - one.clientHeight - above;
      const wrong = (edge, more, marked) =>
        Math.abs(more - 1) > 1 && more > 1 !== marked ? [edge + ' of a sheet ' + (marked ? 'says there is more' : 'is cut and does not say so') + ': ' + one.className] : [];
      return [
        ...wrong('the start', above, mark('start', own)),
        ...wrong('the end', below, mark('end', sticks ? getComputedStyle(foot, '::before') : own)),
      ];
    })`),
  );

/** They follow what was drawn, so that a look that has just changed has them a frame later. */
const settledEdgeFaults = async (page: Page): Promise<string[]> => {
  let faults = await edgeFaults(page);
  for (let looks = 0; faults.length > 0 && looks < 100; looks += 1) faults = await edgeFaults(page);
  return faults;
};

/** One line for each thing that is wider than the screen, or whose words are cut off or broken; of a sheet, each edge that is not as it says. */
export const layoutFaults = async (page: Page): Promise<string[]> => [
  ...(await settledEdgeFaults(page)),
  ...z.array(z.string()).parse(
    await page.evaluate(`(() => {
      const faults = [];
      const say = (what, one) => faults.push(what + ': ' + one.outerHTML.replace(/\\s+/g, ' ').slice(0, 160));
      if (document.documentElement.scrollWidth > innerWidth) faults.push('the page slides sideways');
      const screen = document.querySelector('main');
      if (screen && screen.clientHeight < 5 * parseFloat(getComputedStyle(document.documentElement).fontSize)) say('no room for the screen', screen);
      // A short word that goes on in the next line was broken because its place is too narrow.
      const brokenWord = (text) => {
        for (const { 0: word, index } of text.data.matchAll(/(?<=^|\\s)[\\p{L}\\p{N}]{2,14}(?=$|\\s)/gu)) {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) return true;
        }
        return false;
      };
      /** Of a short label no part stands alone in a second line. */
      const breaks = (text) => {
        if (text.data.trim().length > 10) return false;
        const range = document.createRange();
        range.selectNodeContents(text);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      };
      const touches = (label) => {
        const field = document.getElementById(label.htmlFor)?.getBoundingClientRect();
        const own = label.getBoundingClientRect();
        const isBeside = field && field.top < own.bottom && own.top < field.bottom;
        return isBeside && Math.max(field.left - own.right, own.left - field.right) < 8;
      };
      const told = new Set();
      const sheet = document.querySelector('dialog[open]');
      if (sheet) {
        const { top, bottom, left, right } = sheet.getBoundingClientRect();
        if (top < -1 || bottom > innerHeight + 1 || left < -1 || right > innerWidth + 1) say('a sheet is larger than the screen', sheet);
      }
      for (const one of (sheet ?? document.body).querySelectorAll('*')) {
        if (one.closest('.visually-hidden, svg *') || one.closest('${slides}')?.contains(one) || !one.checkVisibility()) continue;
        // What is only told to those who hear the page is cut on purpose.
        if (told.has(one.parentElement) || getComputedStyle(one).clipPath === 'inset(50%)') {
          told.add(one);
          continue;
        }
        const { left, right, width } = one.getBoundingClientRect();
        if (width > 0 && (right > innerWidth + 1 || left < -1)) say('beyond the edge', one);
        if ([...one.childNodes].some((node) => node.nodeType === 3 && brokenWord(node))) say('a word is broken', one);
        if (one.matches('button') && [...one.childNodes].some((node) => node.nodeType === 3 && breaks(node))) say('a short label breaks', one);
        if (one.matches('label[for]') && touches(one)) say('a label touches its field', one);
        const tile = one.matches('.flag') && one.closest('.tile');
        if (tile && (one.getBoundingClientRect().bottom > tile.getBoundingClientRect().bottom || one.getBoundingClientRect().top < tile.querySelector('.place').getBoundingClientRect().bottom - 1)) say('leaves its tile', one);
        const style = getComputedStyle(one);
        const scrolls = style.overflowX === 'auto' || style.overflowX === 'scroll';
        if (scrolls && one.scrollWidth > one.clientWidth + 1 && !one.matches('${slides}')) say('slides sideways', one);
        const hides = style.overflowX === 'hidden' || style.overflowX === 'clip';
        if (hides && one.scrollWidth > one.clientWidth + 1 && !one.matches('${mayBeCut}')) say('cut off', one);
      }
      // A child says no more than what it is in.
      return faults.slice(0, 5);
    })()`),
  ),
];

/** Sets the size of all text, in percent of what is usual. */
export const setTextSize = async (page: Page, percent: number): Promise<void> => {
  await page.evaluate(`document.documentElement.style.fontSize = '${percent}%'`);
};
