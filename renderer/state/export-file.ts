/** A copy of the journal on its way from the core to a file: part by part, so that neither side holds more than it has to. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { CallInput } from '#shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';

export interface ExportFile {
  readonly name: string;
  readonly events: number;
  readonly type: string;
  readonly parts: readonly Blob[];
}

const types = { csv: 'text/csv', json: 'application/json' } as const;

/** `onPart` gets how much is here, in percent, and says whether it is still wanted. */
export const fetchExport = async (
  client: Pick<Client, 'call'>,
  request: CallInput<'beginExport'>,
  onPart: (percent: number) => boolean,
): Promise<Result<ExportFile>> => {
  const begun = await client.call('beginExport', request);
  if (!begun.ok) return begun;
  const { exportId, fileName, parts: count, events } = begun.value;
  const type = types[request.format];
  const parts: Blob[] = [];
  for (let part = 0; part < count && onPart(Math.floor((part / count) * 100)); part += 1) {
    const next = await client.call('exportPart', { exportId, part });
    if (!next.ok) return next;
    // A blob may lie on the disk; the text it is made of would stay in the page's memory.
    parts.push(new Blob([next.value.text], { type }));
  }
  return ok({ name: fileName, events, type, parts });
};

/** The browser saves it where it saves what is downloaded. */
export const handOver = ({ name, type, parts }: ExportFile): void => {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has to have begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};
