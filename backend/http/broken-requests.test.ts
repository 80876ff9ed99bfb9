import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answerBrokenRequest } from './broken-requests.ts';

/** What comes back, until the server closes, for bytes that are no whole request; Node's own limits, in ms, are short here. */
const answerTo = async (bytes: string): Promise<string> => {
  const limits = { requestTimeout: 200, headersTimeout: 150, connectionsCheckingInterval: 50 };
  const server = createServer(limits, (request) => request.resume());
  server.on('clientError', answerBrokenRequest);
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
  return answer;
};

test.each([
  ['a head that does not come to its end', 'GET / HTTP/1.1\r\nHost: a\r\n', 408],
  ['a body that does not come to its end', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{', 408],
  ['what is no HTTP', 'hello\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is refused in the shape of every failure, and nothing more is heard', async (_what, bytes, status) => {
  const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain('connection: close');
  expect(JSON.parse(body)).toEqual({ error: { code: 'ipc.bad_request', params: {} } });
});
