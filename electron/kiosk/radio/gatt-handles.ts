/**
 * Finding the Latchpoint service's handles in as few round trips as ATT allows: at a 30 ms interval each costs 60 ms, and
 * together they used to be the largest part of an unlock.
 */
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { characteristicUuids, serviceUuid } from './gatt-profile.ts';
import * as att from './att.ts';
import { RadioError, type GattHandles } from './port.ts';

type Request = (pdu: Buffer) => Promise<Buffer>;

/** Handles by peer, and the layout last seen: locks of one make share theirs, and one request tells whether this one does. */
export interface HandleCache {
  get(peer: string): GattHandles | null;
  readonly lastLayout: GattHandles | null;
  set(peer: string, handles: GattHandles): void;
  forget(peer: string): void;
  /** It refused what was written there: nor is its layout believed of others any more. */
  disprove(peer: string): void;
}

/** More peers than any store has locks; beyond that the oldest are looked up again. */
const cacheLimit = 4096;

export const createHandleCache = (): HandleCache => {
  const byPeer = createBoundedMap<string, GattHandles>(cacheLimit);
  let lastLayout: GattHandles | null = null;
  return {
    get: (peer) => byPeer.get(peer) ?? null,
    get lastLayout() {
      return lastLayout;
    },
    set: (peer, handles) => {
      lastLayout = handles;
      byPeer.set(peer, handles);
    },
    forget: (peer) => void byPeer.delete(peer),
    disprove: (peer) => {
      if (lastLayout === byPeer.get(peer)) lastLayout = null;
      byPeer.delete(peer);
    },
  };
};

const names = ['info', 'enrolment', 'certificate', 'tx', 'rx'] as const;

const missing = (): RadioError => new RadioError('att_error', { cause: 'a characteristic is missing' });

const listCharacteristics = async (
  request: Request,
  range: att.HandleRange,
): Promise<att.FoundCharacteristic[]> => {
  const found: att.FoundCharacteristic[] = [];
  let start = range.start;
  while (start <= range.end) {
    const more = att.characteristics(await request(att.findCharacteristics({ start, end: range.end })));
    const last = more.at(-1);
    if (!last || last.value < start) break;
    found.push(...more);
    // All five are known: the request that would answer "no more" is not worth its round trip.
    if (names.every((name) => found.some(({ uuid }) => uuid === characteristicUuids[name]))) break;
    start = last.value + 1;
  }
  return found;
};

const valuesOf = (found: readonly att.FoundCharacteristic[]): GattHandles['values'] => {
  const handle = (name: (typeof names)[number]): number => {
    const characteristic = found.find(({ uuid }) => uuid === characteristicUuids[name]);
    if (!characteristic) throw missing();
    return characteristic.value;
  };
  return {
    info: handle('info'),
    enrolment: handle('enrolment'),
    certificate: handle('certificate'),
    tx: handle('tx'),
    rx: handle('rx'),
  };
};

const findRxConfiguration = async (
  request: Request,
  range: att.HandleRange,
  found: readonly att.FoundCharacteristic[],
  rx: number,
): Promise<number> => {
  const next = found.map(({ declaration }) => declaration).filter((declaration) => declaration > rx);
  const end = Math.min(range.end, ...next.map((declaration) => declaration - 1));
  if (end === rx) throw missing();
  // A characteristic that notifies has a client configuration (Vol 3 Part G, 3.3.3.3): with one handle left, that is it.
  if (end === rx + 1) return end;
  const handle = att.clientConfigurationHandle(await request(att.findDescriptors({ start: rx + 1, end })));
  if (handle === null) throw missing();
  return handle;
};

const sameValues = (one: GattHandles['values'], other: GattHandles['values']): boolean =>
  names.every((name) => one[name] === other[name]);

const matchesLayout = async (request: Request, layout: GattHandles): Promise<boolean> => {
  const answer = await request(att.findCharacteristics(layout.range));
  try {
    return sameValues(valuesOf(att.characteristics(answer)), layout.values);
  } catch {
    // Another make of lock: looked up from the beginning.
    return false;
  }
};

/** Rejects with `RadioError('att_error')` when the peer does not carry the service in full. */
export const findHandles = async (request: Request, layout: GattHandles | null): Promise<GattHandles> => {
  if (layout && (await matchesLayout(request, layout))) return layout;
  const range = att.serviceRange(await request(att.findService(serviceUuid)));
  const found = await listCharacteristics(request, range);
  const values = valuesOf(found);
  return { range, values, rxConfiguration: await findRxConfiguration(request, range, found, values.rx) };
};
