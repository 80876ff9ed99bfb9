/** What is sent and what is asked for go their own ways: trouble of one is not the end of the contact. */
import { expect, it as base } from 'vitest';
import { composeEvent, storeRow, uuid } from '#support/documents.ts';
import { FakeBackend, type Fault } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';

const it = base.extend('backend', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  return backend;
});

const record = async ({ data }: Awaited<ReturnType<typeof openKiosk>>, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) await data.appendAccessEvent(composeEvent(uuid(100 + n), 1_000 + n));
};

it.for<[string, Partial<FakeBackend>]>([
  ['its gateway takes nothing', { gatewayBytes: 300 }],
  [
    'nothing of it is answered',
    { fault: (request) => (request.startsWith('POST /v1/sync') ? 'hang' : null) },
  ],
  [
    'it is always unavailable',
    { fault: (request) => (/^POST .*Events/.test(request) ? 'unavailable' : null) },
  ],
] as const)(
  'what is sent is not taken, because %s: the contact counts, and the kiosk says so',
  async ([_why, trouble], { backend }) => {
    const kiosk = await openKiosk(backend);
    await record(kiosk, 3);
    Object.assign(backend, trouble);
    const round = kiosk.sync.resync();
    const state = await kiosk.passUntil(({ sendingRefused }) => sendingRefused);
    expect((await round).ok).toBe(false);
    expect(state).toMatchObject({ connection: 'online', waiting: 3 });
    expect(state.lastContactAt).not.toBeNull();
    Object.assign(backend, { gatewayBytes: Infinity, fault: (): Fault | null => null });
    expect((await kiosk.sync.resync()).ok).toBe(true);
    expect(await kiosk.state(() => true)).toMatchObject({ sendingRefused: false, waiting: 0 });
  },
);

it('a gateway that takes little at once gets little at once, and all of it arrives', async ({ backend }) => {
  const kiosk = await openKiosk(backend);
  await record(kiosk, 60);
  backend.gatewayBytes = 4_000;
  expect((await kiosk.sync.resync()).ok).toBe(true);
  expect(backend.table('accessEvents').size).toBe(60);
  expect((await kiosk.state(() => true)).waiting).toBe(0);
});

it.for<[Fault, string]>([
  ['rubbish', 'portal'],
  ['unavailable', 'unavailable'],
  ['hang', 'timeout'],
] as const)('why there was no answer is kept, and logged: %s', async ([fault, why], { backend }) => {
  const kiosk = await openKiosk(backend);
  backend.fault = () => fault;
  const round = kiosk.sync.resync();
  await kiosk.clock.advance(120_000);
  await round;
  expect(await kiosk.state(() => true)).toMatchObject({ connection: 'offline', noAnswer: why });
  const failed = kiosk.log.filter(({ event }) => event === 'round failed');
  expect(failed[0]?.fields['why']).toBe(why);
});
