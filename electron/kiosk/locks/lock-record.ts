/** A lock's own record of what it did, as people read it: newest first, and with names where the kiosk knows them. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import { mostRingEvents, type RingEventView } from '#shared/ipc/views.ts';
import { actorHash } from '../journal/actor-hash.ts';
import type { RingEvent, RingEvents } from '../link/lock-driver.ts';

export interface StaffMember {
  readonly staffId: string;
  readonly name: string;
}

/** More readings than any ring takes. */
const mostReadings = 8;
/** The latest moment that a date can hold: a lock may say anything. */
const latest = 8_640_000_000_000_000;

/** Reads on until the lock has no more; the newest are kept of a ring that has no end. */
export const readWholeRing = async (
  read: (after: number) => Promise<Result<RingEvents>>,
): Promise<Result<readonly RingEvent[]>> => {
  let kept: RingEvent[] = [];
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const part = await read(kept.at(-1)?.sequence ?? 0);
    if (!part.ok) return part;
    kept = [...kept, ...part.value.events].slice(-mostRingEvents);
    if (!part.value.more) break;
  }
  return ok(kept);
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const recordView = (events: readonly RingEvent[], staff: readonly StaffMember[]): RingEventView[] => {
  const names = new Map(staff.map(({ staffId, name }) => [hex(actorHash(staffId)), name]));
  const actorOf = (hash: Uint8Array | null): RingEventView['actor'] => {
    if (hash === null) return { kind: 'nobody' };
    const name = names.get(hex(hash));
    return name === undefined ? { kind: 'unknown' } : { kind: 'staff', name };
  };
  return events
    .map(({ sequence, at, kind, actorHash: hash }) => ({
      sequence,
      at: Math.min(at, latest),
      kind,
      actor: actorOf(hash),
    }))
    .toReversed();
};
