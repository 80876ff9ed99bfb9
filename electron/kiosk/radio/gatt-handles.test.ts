import { describe, expect, it } from 'vitest';
import { characteristicUuids } from './gatt-profile.ts';
import { createHandleCache, findHandles } from './gatt-handles.ts';

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid, 'hex').reverse();
const u16 = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);

interface Layout {
  readonly start: number;
  readonly order: readonly (keyof typeof characteristicUuids)[];
  /** Handles left after the last characteristic's value. */
  readonly tail: number;
  /** How far behind its value the client configuration of `rx` is; 1 unless given. */
  readonly configurationAt?: number;
}

/** A peer that holds the service at `start`, and counts what it is asked. */
class Peer {
  readonly asked: number[] = [];
  readonly #layout: Layout;
  readonly #perAnswer: number;

  constructor(layout: Layout, perAnswer = 12) {
    this.#layout = layout;
    this.#perAnswer = perAnswer;
  }

  readonly request = (pdu: Buffer): Promise<Buffer> => {
    const opcode = pdu[0] ?? 0;
    this.asked.push(opcode);
    return Promise.resolve(this.#answer(opcode, pdu));
  };

  #declarations(): { handle: number; name: keyof typeof characteristicUuids }[] {
    let handle = this.#layout.start + 1;
    return this.#layout.order.map((name) => {
      const declaration = { handle, name };
      handle += name === 'rx' ? 3 : 2;
      return declaration;
    });
  }

  #end(): number {
    return (this.#declarations().at(-1)?.handle ?? 0) + 1 + this.#layout.tail;
  }

  #answer(opcode: number, pdu: Buffer): Buffer {
    const start = pdu.readUInt16LE(1);
    const notFound = Buffer.from([0x01, opcode, 0, 0, 0x0a]);
    if (opcode === 0x06)
      return Buffer.concat([Buffer.from([0x07]), u16(this.#layout.start), u16(this.#end())]);
    if (opcode === 0x04) {
      const rx = this.#declarations().find(({ name }) => name === 'rx');
      return rx
        ? Buffer.concat([
            Buffer.from([0x05, 0x01]),
            u16(rx.handle + 1 + (this.#layout.configurationAt ?? 1)),
            u16(0x2902),
          ])
        : notFound;
    }
    const entries = this.#declarations()
      .filter(({ handle }) => handle >= start && handle <= pdu.readUInt16LE(3))
      .slice(0, this.#perAnswer)
      .map(({ handle, name }) =>
        Buffer.concat([u16(handle), Buffer.from([2]), u16(handle + 1), uuidBytes(characteristicUuids[name])]),
      );
    return entries.length === 0 ? notFound : Buffer.concat([Buffer.from([0x09, 21]), ...entries]);
  }
}

const usual: Layout = { start: 8, order: ['info', 'enrolment', 'certificate', 'tx', 'rx'], tail: 1 };

describe('finding the handles', () => {
  it('takes two requests at a lock never seen', async () => {
    const peer = new Peer(usual);
    const handles = await findHandles(peer.request, null);
    expect(handles.values).toEqual({ info: 10, enrolment: 12, certificate: 14, tx: 16, rx: 18 });
    expect(handles.rxConfiguration).toBe(19);
    expect(peer.asked).toEqual([0x06, 0x08]);
  });

  it('takes one at another lock of the same make', async () => {
    const known = await findHandles(new Peer(usual).request, null);
    const peer = new Peer(usual);
    expect(await findHandles(peer.request, known)).toEqual(known);
    expect(peer.asked).toEqual([0x08]);
  });

  it('finds another layout all the same', async () => {
    const known = await findHandles(new Peer(usual).request, null);
    const peer = new Peer({ start: 40, order: ['rx', 'tx', 'info', 'certificate', 'enrolment'], tail: 0 });
    const handles = await findHandles(peer.request, known);
    expect(handles.values.rx).toBe(42);
    expect(handles.rxConfiguration).toBe(43);
  });

  it('looks for the client configuration where it can be in more than one place', async () => {
    const peer = new Peer({ ...usual, tail: 3 });
    expect((await findHandles(peer.request, null)).rxConfiguration).toBe(19);
    expect(peer.asked).toEqual([0x06, 0x08, 0x04]);
  });

  it('asks on when an answer holds only some', async () => {
    const peer = new Peer(usual, 2);
    expect((await findHandles(peer.request, null)).values.rx).toBe(18);
    expect(peer.asked).toEqual([0x06, 0x08, 0x08, 0x08]);
  });

  it('rejects a peer that lacks one', async () => {
    const peer = new Peer({ ...usual, order: ['info', 'tx', 'rx'] });
    await expect(findHandles(peer.request, null)).rejects.toMatchObject({ failure: 'att_error' });
  });
});

describe('the cache', () => {
  it('forgets a peer and keeps the layout, which is checked before it is used', async () => {
    const cache = createHandleCache();
    const handles = await findHandles(new Peer(usual).request, null);
    cache.set('one', handles);
    cache.forget('one');
    expect(cache.get('one')).toBeNull();
    expect(cache.lastLayout).toBe(handles);
  });

  it('forgets with a peer that refused what was written there the layout, too', async () => {
    const cache = createHandleCache();
    const usualHandles = await findHandles(new Peer(usual).request, null);
    cache.set('one', usualHandles);
    // Its values lie where those of the other make do, its client configuration does not.
    const other = new Peer({ ...usual, tail: 2, configurationAt: 2 });
    cache.set('other', await findHandles(other.request, cache.get('other') ?? cache.lastLayout));
    cache.disprove('other');
    const found = await findHandles(other.request, cache.get('other') ?? cache.lastLayout);
    expect(found.rxConfiguration).toBe(20);
    expect(cache.get('one')).toBe(usualHandles);
  });
});
