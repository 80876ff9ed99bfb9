/** docs/rights.md as tests read it: the store of its cases, its people, and each case. */
import { documentLines, documentTable } from './document-table.ts';

export const rightsTable = (...headings: readonly string[]): string[][] =>
  documentTable('rights.md', ...headings);

const lines = documentLines('rights.md');
const fence = lines.indexOf('```json');

/** `rights` of the cases' store, as its document carries it. */
export const documentedRights: unknown = JSON.parse(
  lines.slice(fence + 1, lines.indexOf('```', fence)).join('\n'),
);
