/** What stands in a list that somebody made with a spreadsheet, before anybody says what it means. */

export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  /** `format`: how the spreadsheet shows it, '' where that is left to it. */
  | { readonly kind: 'number'; readonly value: number; readonly format: string }
  /** `YYYY-MM-DD`; null where it has a time of day. */
  | { readonly kind: 'date'; readonly day: string | null }
  | { readonly kind: 'truth'; readonly value: boolean };

export interface Row {
  /** As an editor or a spreadsheet counts them, from 1: the line on which the row begins. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

export const textCell = (text: string): Cell => ({ kind: 'text', text });

export const isEmptyCell = (cell: Cell | undefined): boolean =>
  cell === undefined || (cell.kind === 'text' && cell.text.trim() === '');

/** As it is told to whoever made the list. */
export const shownCell = (cell: Cell): string => {
  switch (cell.kind) {
    case 'text':
      return cell.text;
    case 'number':
      return String(cell.value);
    case 'date':
      return cell.day ?? 'a time';
    case 'truth':
      return cell.value ? 'TRUE' : 'FALSE';
  }
};
