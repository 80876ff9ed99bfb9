/** What a kiosk says of a registration that did not succeed: the backend's no, or no answer that can be used. */
import { expect, it } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { createBackendClient } from '../backend/client.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createRegistration } from './registration.ts';

const key = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'B'.repeat(43) } as const;
const register = (
  answer: () => Promise<Response>,
  clock = new ManualClock(),
  logger = createRecordingLogger(),
) =>
  createRegistration({
    vault: {
      prepareKeys: () => Promise.resolve(ok({ signingKey: key, sealingKey: key })),
      saveIdentity: () => Promise.reject(new Error('nobody was registered')),
    },
    backend: createBackendClient({ fetch: answer, clock, backendUrl: 'http://backend.test' }),
    logger,
  }).register({ code: 'ABCD-EFGH-JKLM-NPQR', name: 'Counter' }, new AbortController().signal);

const said = (code: string) => JSON.stringify({ error: { code, params: {} } });
const refused = fail('sync.registration_refused');
const noAnswer = (reason: string) => fail('sync.unreachable', { reason });

it.each([
  [403, said('sync.registration_refused'), refused],
  [403, '<html>Forbidden</html>', refused],
  [400, said('ipc.bad_request'), refused],
  [401, '', refused],
  [404, '', refused],
  [413, '', refused],
  [407, '', noAnswer('proxy')],
  [408, '', noAnswer('unavailable')],
  [429, said('sync.registration_refused'), noAnswer('unavailable')],
  [429, '', noAnswer('unavailable')],
  [503, said('sync.unreachable'), noAnswer('unavailable')],
  [200, '<html>Welcome</html>', noAnswer('portal')],
])('status %i with %s', async (status, body, outcome) => {
  expect(await register(() => Promise.resolve(new Response(body, { status })))).toEqual(outcome);
});

it('no answer at all is told apart by its reason, as far as that is known', async () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  expect(await register(() => Promise.reject(new TypeError('fetch failed', { cause })))).toEqual(
    noAnswer('refused'),
  );
  expect(await register(() => Promise.reject(new TypeError('fetch failed')))).toEqual(
    fail('sync.unreachable'),
  );
});

it('what IT has to look at is in the log, too', async () => {
  const logger = createRecordingLogger();
  const early = Object.assign(new Error('not yet'), { code: 'CERT_NOT_YET_VALID' });
  await register(
    () => Promise.reject(new TypeError('fetch failed', { cause: early })),
    new ManualClock(),
    logger,
  );
  await register(() => Promise.resolve(new Response('', { status: 407 })), new ManualClock(), logger);
  expect(logger.lines.map(({ level, event, fields }) => [level, event, fields['why']])).toEqual([
    ['warn', 'registration not accepted', 'certificate_time'],
    ['warn', 'registration not accepted', 'proxy'],
  ]);
});

it('an answer that never comes is waited for no longer than any other', async () => {
  const clock = new ManualClock();
  const registering = register(() => new Promise(() => undefined), clock);
  await clock.advance(30_000);
  expect(await registering).toEqual(noAnswer('timeout'));
});
