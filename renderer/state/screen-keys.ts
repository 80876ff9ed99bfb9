/**
 * What the keyboard on the screen does to a field: the same as one on the table would, told to the field by the event that all of
 * them listen to.
 */

import type { Language } from '#shared/models/language.ts';

/** A key that writes itself, or one that erases the character before the caret. */
export type ScreenKey = { readonly writes: string } | 'erase';

export interface KeyBoard {
  /** From the top; the last has Shift before it and Erase behind it. */
  readonly rows: readonly (readonly string[])[];
  /** Letters with marks for which the rows have no room: they stand before the space. */
  readonly marked: readonly string[];
  /** The rows that one key puts in their place: what names and addresses are written with besides, and letters of the neighbours. */
  readonly more: readonly (readonly string[])[];
}

const keys = (row: string): readonly string[] => row.split(' ').filter(Boolean);
const digits = '1 2 3 4 5 6 7 8 9 0';
const signs = [". , ' ’ / & + ( ) :", '- _ " ! ? # % @ * °'] as const;
const keyBoard = (
  upper: string,
  middle: string,
  lower: string,
  { marked = '', more }: { marked?: string; more: string },
): KeyBoard => ({
  rows: [digits, upper, middle, lower].map(keys),
  marked: keys(marked),
  more: [digits, ...signs, more].map(keys),
});

/** As on the keyboards that people of each language know. */
export const keyBoards: Readonly<Record<Language, KeyBoard>> = {
  en: keyBoard('q w e r t y u i o p', 'a s d f g h j k l', 'z x c v b n m -', {
    more: 'é è á í ó ú ñ ç ö ü',
  }),
  fr: keyBoard('a z e r t y u i o p', 'q s d f g h j k l m', 'w x c v b n -', {
    marked: 'é è ê à ç',
    more: 'â î ô û ù ë ï ü ÿ œ æ',
  }),
  de: keyBoard('q w e r t z u i o p ü', 'a s d f g h j k l ö ä', 'y x c v b n m ß -', {
    more: 'é è ê á à ç ñ ó',
  }),
  es: keyBoard('q w e r t y u i o p', 'a s d f g h j k l ñ', 'z x c v b n m -', {
    marked: 'á é í ó ú',
    more: '¿ ¡ ü ç à è ï ò ª º',
  }),
};

/** What a key writes with Shift; "ß" has no capital that fits one key. */
export const capitalOf = (key: string): string => {
  const capital = key.toUpperCase();
  return capital.length === key.length ? capital : key;
};

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The text of a field and its caret after a key; `most` is how many characters it takes. */
export const afterKey = (
  text: string,
  from: number,
  to: number,
  key: ScreenKey,
  most: number,
): { readonly text: string; readonly caret: number } => {
  if (key === 'erase') {
    // A character may be several units long: half of it is none.
    const last = [...characters.segment(text.slice(0, from))].at(-1)?.segment ?? '';
    const start = from === to ? from - last.length : from;
    return { text: text.slice(0, start) + text.slice(to), caret: start };
  }
  const next = text.slice(0, from) + key.writes + text.slice(to);
  return next.length > most ? { text, caret: to } : { text: next, caret: from + key.writes.length };
};

/** Presses a key in a field; what is bound to it follows. */
export const press = (field: HTMLInputElement, key: ScreenKey): void => {
  const from = field.selectionStart ?? field.value.length;
  const to = field.selectionEnd ?? from;
  const most = field.maxLength < 0 ? Infinity : field.maxLength;
  const { text, caret } = afterKey(field.value, from, to, key, most);
  field.value = text;
  field.setSelectionRange(caret, caret);
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
};
