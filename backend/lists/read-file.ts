/** A file that somebody sends as rows of cells. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { createQueue } from '#shared/flow/queue.ts';
import type { Row } from '#shared/lists/cells.ts';
import { readCsv } from '#shared/lists/csv.ts';
import { listLimits, type FileProblem } from './limits.ts';
import type { ReadRows } from './workbook.ts';

export interface ListFile {
  readonly as: 'csv' | 'xlsx';
  readonly bytes: Uint8Array;
}

const unreadable = (problem: FileProblem, line = 1, cell?: string): Result<never> =>
  fail('operator.unreadable_list', { problem, line, ...(cell === undefined ? {} : { cell }) });

/** By its byte order mark; UTF-8 where it has none. Null: it is neither. */
const decode = (bytes: Uint8Array): string | null => {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
};

const thread = new URL('workbook-thread.ts', import.meta.url);

const readInThread = async (bytes: Uint8Array): Promise<ReadRows> => {
  const worker = new Worker(thread, {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: listLimits.readMemory },
  });
  try {
    // Rejects with what the thread failed of.
    const [answer] = (await once(worker, 'message', {
      signal: AbortSignal.timeout(listLimits.readMs),
    })) as [ReadRows];
    return answer;
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return { ok: false, problem: 'too_large_unpacked', line: 1 };
    if (code === 'ABORT_ERR') return { ok: false, problem: 'too_slow', line: 1 };
    throw thrown;
  } finally {
    await worker.terminate();
  }
};

/** One workbook at a time. */
export const createListReader = (): ((file: ListFile) => Promise<Result<readonly Row[]>>) => {
  const { add: inTurn } = createQueue();
  return async ({ as, bytes }) => {
    if (bytes.length === 0) return unreadable('empty');
    let read;
    if (as === 'xlsx') read = await inTurn(() => readInThread(bytes));
    else {
      const text = decode(bytes);
      if (text === null) return unreadable('not_utf8');
      read = readCsv(text, listLimits);
    }
    if (!read.ok) return unreadable(read.problem, read.line, 'cell' in read ? read.cell : undefined);
    return read.rows.length === 0 ? unreadable('empty') : ok(read.rows);
  };
};
