/** What a peer sends that noble can't read costs that peer's link, and nobody else's. */
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { AttPeer, serviceAnswer } from '#support/att-peer.ts';
import { createRadioRig, isPending, nextAdvert, type RadioRig } from '#support/radio-rig.ts';

let rig: RadioRig;
afterEach(() => rig.dispose());

const patient = { timeoutMs: 10_000 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a peer whose packets are too short', () => {
  it.each([
    ['an MTU without its value', [0x03]],
    ['half an MTU', [0x03, 0x17]],
    ['a notification without a handle', [0x1b]],
    ['a notification of half a handle', [0x1b, 0x05]],
  ])('%s: another lock is still talked to', async (_name, bytes) => {
    rig = createRadioRig(1);
    const hostile = new AttPeer(rig.air, () => Buffer.from(bytes));
    const radio = rig.radio();
    const [lock] = rig.locks;
    const heard = firstValueFrom(radio.advertisements$.pipe(filter(({ peer }) => peer === hostile.peer)));
    await Promise.all([heard, nextAdvert(radio, lock!.peer)]);
    const good = await radio.connect(lock!.peer, patient);
    const stop = new AbortController();
    const connecting = radio.connect(hostile.peer, { ...patient, signal: stop.signal });
    while (hostile.requests.length === 0) await turn();
    expect(await isPending(connecting)).toBe(true);
    stop.abort();
    await expect(connecting).rejects.toMatchObject({ failure: 'cancelled' });
    expect(await good.read('info', patient)).toEqual(Uint8Array.of(1, 1));
  });
});

describe('a peer that answers with an MTU smaller than any may be', () => {
  it.each([0, 1, 22])('%d: frames are as long as every bearer carries', async (mtu) => {
    rig = createRadioRig(0);
    const answer = Buffer.from([0x03, mtu, 0]);
    const peer = new AttPeer(rig.air, (request) => (request[0] === 0x02 ? answer : serviceAnswer(request)));
    const radio = rig.radio();
    await firstValueFrom(radio.advertisements$);
    const link = await radio.connect(peer.peer, patient);
    expect(link.maxFrame).toBe(20);
  });
});
