/**
 * What the keyboard on the screen does to a field: the same as one on the table would, told to the field by the event that all of
 * them listen to.
 */

/** A key that writes itself, or one that erases the character before the caret. */
export type ScreenKey = { readonly writes: string } | 'erase';

export const keyRows: readonly (readonly string[])[] = [
  '1 2 3 4 5 6 7 8 9 0'.split(' '),
  'q w e r t y u i o p'.split(' '),
  'a s d f g h j k l'.split(' '),
  'z x c v b n m -'.split(' '),
];

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
