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
}

const keys = (row: string): readonly string[] => row.split(' ').filter(Boolean);
const keyBoard = (upper: string, middle: string, lower: string, marked = ''): KeyBoard => ({
  rows: ['1 2 3 4 5 6 7 8 9 0', upper, middle, lower].map(keys),
  marked: keys(marked),
});

/** As on the keyboards that people of each language know. */
export const keyBoards: Readonly<Record<Language, KeyBoard>> = {
  en: keyBoard('q w e r t y u i o p', 'a s d f g h j k l', 'z x c v b n m -'),
  fr: keyBoard('a z e r t y u i o p', 'q s d f g h j k l m', 'w x c v b n -', 'é è ê à ç'),
  de: keyBoard('q w e r t z u i o p ü', 'a s d f g h j k l ö ä', 'y x c v b n m ß -'),
  es: keyBoard('q w e r t y u i o p', 'a s d f g h j k l ñ', 'z x c v b n m -', 'á é í ó ú'),
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
