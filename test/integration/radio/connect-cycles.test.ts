/** Connecting again and again leaves nothing behind: no listener, no link, no handle. */
import type { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { hciBindingsOf, type Noble } from '#kiosk/radio/noble-types.ts';
import { createRadioRig, nextAdvert } from '#support/radio-rig.ts';

const patient = { timeoutMs: 10_000 };

const listeners = (noble: Noble): number => {
  const bindings = hciBindingsOf(noble);
  const emitters: EventEmitter[] = [noble, noble._bindings, ...Object.values(noble._peripherals)];
  if (bindings) emitters.push(bindings._hci._socket);
  return emitters.reduce(
    (sum, emitter) =>
      sum + emitter.eventNames().reduce((count, name) => count + emitter.listenerCount(name), 0),
    0,
  );
};

it('leaves no listener and no link after a hundred connects, refusals and cancels', async () => {
  const rig = createRadioRig(2);
  const radio = rig.radio();
  const [lock, gone] = rig.locks;
  gone!.enrolment = null;
  const cycle = async (): Promise<void> => {
    const link = await radio.connect(lock!.peer, patient);
    await link.send(Uint8Array.of(1, 2, 3), patient);
    await link.read('info', patient);
    await link.close();
    const refusing = await radio.connect(gone!.peer, patient);
    await expect(refusing.read('enrolment', patient)).rejects.toMatchObject({ failure: 'att_error' });
    await refusing.close();
    const abort = new AbortController();
    const cancelled = radio.connect(lock!.peer, { ...patient, signal: abort.signal });
    setImmediate(() => abort.abort());
    await cancelled.then(
      (opened) => opened.close(),
      () => undefined,
    );
  };
  await nextAdvert(radio, lock!.peer);
  await nextAdvert(radio, gone!.peer);
  await cycle();
  const before = listeners(rig.lastNoble());
  for (let count = 0; count < 33; count += 1) await cycle();
  await nextAdvert(radio, lock!.peer);
  expect(listeners(rig.lastNoble())).toBeLessThanOrEqual(before + 1);
  expect(lock!.openConnections).toBe(0);
  expect(Object.keys(hciBindingsOf(rig.lastNoble())!._gatts)).toEqual([]);
  await rig.dispose();
});
