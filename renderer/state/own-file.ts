/** A file on its way from the core to the computer: a copy of the journal part by part, so that neither side holds more than it has to. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { CallInput } from '#shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';

export interface OwnFile {
  readonly name: string;
  /** How many events, or locks, are in it. */
  readonly count: number;
  readonly type: string;
  readonly parts: readonly Blob[];
}

const types = {
  csv: 'text/csv',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** `onPart` gets how much is here, in percent, and says whether it is still wanted. */
export const fetchJournal = async (
  client: Pick<Client, 'call'>,
  request: CallInput<'beginExport'>,
  onPart: (percent: number) => boolean,
): Promise<Result<OwnFile>> => {
  const begun = await client.call('beginExport', request);
  if (!begun.ok) return begun;
  const { exportId, fileName: name, parts: most, events: count } = begun.value;
  const type = types[request.format];
  const parts: Blob[] = [];
  for (let part = 0; part < most && onPart(Math.floor((part / most) * 100)); part += 1) {
    const next = await client.call('exportPart', { exportId, part });
    if (!next.ok) return next;
    // A blob may lie on the disk; the text it is made of would stay in the page's memory.
    parts.push(new Blob([next.value.text], { type }));
  }
  return ok({ name, count, type, parts });
};

export const fetchLocks = async (
  client: Pick<Client, 'call'>,
  request: CallInput<'exportLocks'>,
): Promise<Result<OwnFile>> => {
  const taken = await client.call('exportLocks', request);
  if (!taken.ok) return taken;
  const { fileName: name, locks: count, file } = taken.value;
  const type = types[request.format];
  const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
  return ok({ name, count, type, parts: [new Blob([bytes], { type })] });
};

/** The browser saves it where it saves what is downloaded. */
export const handOver = ({ name, type, parts }: OwnFile): void => {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has to have begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};
