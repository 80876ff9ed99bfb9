import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { whyNoAnswer } from './why-no-answer.ts';

const caused = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });

test.each([
  ['ENOTFOUND', 'name'],
  ['EAI_AGAIN', 'name'],
  ['ECONNREFUSED', 'refused'],
  ['ENETUNREACH', 'network'],
  ['EHOSTUNREACH', 'network'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'broken_off'],
  ['UND_ERR_SOCKET', 'broken_off'],
  ['CERT_NOT_YET_VALID', 'certificate_time'],
  ['CERT_HAS_EXPIRED', 'certificate_time'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate_authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate_authority'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate_authority'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate_authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate_name'],
])('Node says %s: %s', (code, why) => {
  expect(whyNoAnswer(caused(code))).toBe(why);
  expect(whyNoAnswer(new TypeError('fetch failed', { cause: new AggregateError([caused(code)]) }))).toBe(why);
});

test.each([
  ['ERR_NAME_NOT_RESOLVED', 'name'],
  ['ERR_CONNECTION_REFUSED', 'refused'],
  ['ERR_INTERNET_DISCONNECTED', 'network'],
  ['ERR_NETWORK_CHANGED', 'network'],
  ['ERR_TIMED_OUT', 'timeout'],
  ['ERR_CONNECTION_TIMED_OUT', 'timeout'],
  ['ERR_CONNECTION_RESET', 'broken_off'],
  ['ERR_CERT_DATE_INVALID', 'certificate_time'],
  ['ERR_CERT_AUTHORITY_INVALID', 'certificate_authority'],
  ['ERR_CERT_COMMON_NAME_INVALID', 'certificate_name'],
  ['ERR_PROXY_CONNECTION_FAILED', 'proxy'],
  ['ERR_UNEXPECTED_PROXY_AUTH', 'proxy'],
  ['ERR_TUNNEL_CONNECTION_FAILED', 'proxy'],
])('Chromium says %s: %s', (code, why) => {
  expect(whyNoAnswer(new Error(`net::${code}`))).toBe(why);
});

test('what is not known is not guessed', () => {
  for (const error of [new Error('x'), 'ECONNREFUSED', null, new TypeError('fetch failed')]) {
    expect(whyNoAnswer(error)).toBeNull();
  }
});

test('what Node really throws, for nobody there and for a redirect that is not followed', async () => {
  const server = createServer((_request, response) => response.writeHead(302, { location: '/login' }).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const thrown = (): Promise<unknown> => fetch(url, { redirect: 'error' }).catch((error: unknown) => error);
  expect(whyNoAnswer(await thrown())).toBe('portal');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(whyNoAnswer(await thrown())).toBe('refused');
});
