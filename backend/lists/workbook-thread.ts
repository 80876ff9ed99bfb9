/** Reads one workbook in a thread of its own, so that one which takes too long, or too much, costs nobody else anything. */
import { parentPort, workerData } from 'node:worker_threads';
import { readWorkbook } from './workbook.ts';

if (workerData instanceof Uint8Array) parentPort?.postMessage(await readWorkbook(workerData));
