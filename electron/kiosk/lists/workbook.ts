/** Rows as a workbook (XLSX). The library is asked here alone, and none is read: nobody brings a file to a kiosk. */
import { workbookOf, type WrittenRow } from '#shared/lists/written.ts';

/** The library is begun where somebody wants a workbook: the kiosk starts without it. */
export const writeWorkbook = async (name: string, rows: readonly WrittenRow[]): Promise<Uint8Array> => {
  const { writeXlsx } = await import('hucre/xlsx');
  return writeXlsx(workbookOf(name, rows));
};
