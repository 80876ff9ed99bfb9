/** What never becomes a request is refused in the same shape as every other failure: `{ error: AppError }`. */
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { appError } from '../platform/app-error.ts';
import { HttpFailure, sendFailure } from './failures.ts';
import { noSuchCall } from './operator-words.ts';

const refusal = JSON.stringify({ error: appError('ipc.bad_request') });
const statusLines: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Node could not read it as HTTP, or it did not come to its end in time: it is answered on the socket, which is closed. */
export const answerBrokenRequest = (error: Error & { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [
    `HTTP/1.1 ${statusLines[error.code ?? ''] ?? '400 Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(refusal)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${refusal}`, () => socket.destroy());
};

/** An address that can't be decoded, before there is a route to answer for it: of an operator's call it is said that there is none. */
export const answerFrameworkError = (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
  void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  void sendFailure(reply, noSuchCall(request) ?? new HttpFailure(400, appError('ipc.bad_request')));
};
