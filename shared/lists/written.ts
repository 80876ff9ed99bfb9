/** What a list is written of: the same for a table of text and for a workbook. */

/** Text, which stays text; a number; a time as the clock on the wall shows it, in ms as if that clock were UTC. */
export type Written = string | number | { readonly wallMs: number };
export type WrittenRow = readonly Written[];

const isTime = (cell: Written | undefined): boolean => typeof cell === 'object';

/** To the second, in the one form that spreadsheets of every language read as a time. */
export const writtenText = (cell: Written): string =>
  typeof cell === 'object'
    ? new Date(cell.wallMs).toISOString().slice(0, 19).replace('T', ' ')
    : String(cell);

/** `_x0041_` stands for a character where a workbook is read; the library writes it as it is (findings/hucre-text-as-written.sh). */
const escaped = (text: string): string => text.replace(/_(?=x[\da-f]{4}_)/gi, '_x005F_');

/** How a column is shown: what is text stays text where something is typed into it later. */
const formatOf = (cells: readonly (Written | undefined)[]): string => {
  const told = cells.find((cell) => cell !== undefined && cell !== '');
  if (isTime(told)) return 'yyyy-mm-dd hh:mm';
  return typeof told === 'number' ? '0' : '@';
};

/** What the library of workbooks makes one of, the first row being headers. Whoever writes one hands this to it. */
export const workbookOf = (name: string, rows: readonly WrittenRow[]) => {
  const [head = [], ...lines] = rows;
  const columns = head.map((header, column) => {
    const cells = lines.map((row) => row[column]);
    const longest = Math.max(0, ...[header, ...cells].map((cell) => writtenText(cell ?? '').length));
    return { width: Math.min(60, Math.max(10, longest + 2)), numFmt: formatOf(cells) };
  });
  const cellOf = (cell: Written): string | number | Date => {
    if (typeof cell === 'object') return new Date(cell.wallMs);
    return typeof cell === 'string' ? escaped(cell) : cell;
  };
  return { sheets: [{ name, columns, rows: rows.map((row) => row.map(cellOf)), freezePane: { rows: 1 } }] };
};
