/** Giving a lock back at the kiosk: only what was ordered, only by someone, and told to the backend once it is true. */
import { describe, expect, it } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { TrustDocument } from '#shared/models/documents.ts';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import { ids, owner, serial } from '#support/kiosk-rows.ts';

const token = Buffer.from('a token').toString('base64');
const orderId = '5f0c7c1e-3a0e-4d2a-9c51-0d6a5c2f7b11';
const order: TrustDocument = {
  trustId: orderId,
  kind: 'release_order',
  owner,
  serialNumber: serial,
  token,
  version: 9,
};
const { signal } = new AbortController();

const ordered = (trustId = orderId): KioskBench => {
  const bench = createKioskBench();
  bench.data.trust$.next([...bench.data.trust$.value, { ...order, trustId }]);
  bench.driver.hear(serial);
  return bench;
};
const release = ({ releaser }: KioskBench) => releaser.release(serial, ids.ann, signal);
const unknown = () => Promise.resolve(fail('lock.outcome_unknown', { serialNumber: serial }));

describe('a lock that is to be given back', () => {
  it('is released with the ordered token, and the journal says who did it', async () => {
    const bench = ordered();
    expect(await release(bench)).toEqual(ok(null));
    expect(bench.driver.asked).toEqual([`release ${serial}`]);
    expect(Buffer.from(bench.driver.token ?? []).toString('base64')).toBe(token);
    expect(bench.driver.lent?.privateKey.every((byte) => byte === 0)).toBe(true);
    expect(bench.data.events).toMatchObject([
      { kind: 'lock_released', staffId: ids.ann, serialNumber: serial, errorCode: null, orderId },
    ]);
    expect(bench.slot.isFree()).toBe(true);
  });

  it('names no order to a backend that does not tell its orders apart, and would refuse the event', async () => {
    const bench = ordered(`release of ${serial}`);
    expect(await release(bench)).toEqual(ok(null));
    expect(bench.data.events).toHaveLength(1);
    expect(bench.data.events[0]).not.toHaveProperty('orderId');
  });

  it('is asked again when its answer got lost, and once only', async () => {
    const bench = ordered();
    let asked = 0;
    bench.driver.onRelease = () => ((asked += 1) === 1 ? unknown() : Promise.resolve(ok(null)));
    expect(await release(bench)).toEqual(ok(null));
    bench.driver.onRelease = unknown;
    expect(await release(bench)).toEqual(await unknown());
    expect(bench.driver.asked).toHaveLength(4);
    expect(bench.data.events).toHaveLength(1);
  });

  it('is released also when it says that it is new: that may be the answer that got lost', async () => {
    const bench = ordered();
    bench.driver.hear(serial, { provisioned: false });
    expect(await release(bench)).toEqual(ok(null));
  });

  it('stays when it refuses, and nothing is recorded', async () => {
    const bench = ordered();
    const refused = fail('lock.refused', { serialNumber: serial, reason: 'bad_token' });
    bench.driver.onRelease = () => Promise.resolve(refused);
    expect(await release(bench)).toEqual(refused);
    expect(bench.data.events).toEqual([]);
  });
});

describe('a lock is not told anything', () => {
  const asks = async (bench: KioskBench, code: string): Promise<void> => {
    expect(await release(bench)).toMatchObject({ ok: false, error: { code } });
    expect(bench.driver.asked).toEqual([]);
  };

  it('when nobody has ordered it', async () => {
    const bench = createKioskBench();
    bench.driver.hear(serial);
    await asks(bench, 'lock.not_to_be_released');
  });

  it('when the kiosk may open nothing', async () => {
    const bench = ordered();
    bench.vault$.next('cannot_open');
    await asks(bench, 'vault.cannot_open');
  });

  it('when someone is at a lock', async () => {
    const bench = ordered();
    await bench.slot.claim('person', serial);
    await asks(bench, 'lock.busy');
  });
});
