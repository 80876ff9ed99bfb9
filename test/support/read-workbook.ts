/** A workbook as a spreadsheet has it: the rows of its first sheet, days and times as such. */
import { readXlsx } from 'hucre/xlsx';

/** The first row is that of the headers. */
export const readSheet = async (bytes: Uint8Array): Promise<readonly (readonly unknown[])[]> => {
  const { sheets } = await readXlsx(bytes, { readStyles: true });
  return sheets[0]?.rows ?? [];
};
