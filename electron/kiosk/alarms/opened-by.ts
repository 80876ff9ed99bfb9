/**
 * Who has opened a lock that says it is open, and that this kiosk has not opened: asked of the lock's own record, authenticated. A
 * second kiosk of the store opens locks, too, and that is no alarm.
 */
import { ok } from '#shared/errors/app-error.ts';
import { actorHash } from '../journal/actor-hash.ts';
import type { LockDriver, RingEvent } from '../link/lock-driver.ts';
import { readWholeRing } from '../locks/lock-record.ts';
import type { Clock } from '../platform/clock.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { Visits } from '../visit/visit.ts';

const askDeadlineMs = 6_000;
/** A lock's clock may be behind, and ahead by as much. */
const agoMs = 10 * 60_000;

/** `not_now`: somebody else was at work, or came. `not_known`: the lock could not be asked, or did not answer. */
export type OpenedBy = 'staff' | 'nobody' | 'not_known' | 'not_now';

/** Each opening explains once that a lock is open: after it has closed, the same record explains nothing more. */
export interface OpenedByQuestion {
  /** Never rejects. */
  ask(serialNumber: string, signal: AbortSignal): Promise<OpenedBy>;
  /** This kiosk has opened it, `at` that time (epoch ms): what the record has of that explains nothing else. */
  openedHere(serialNumber: string, at: number): void;
}

interface Explained {
  /** The newest record that explained something. */
  readonly upTo: number;
  /** Openings of this kiosk since. */
  readonly here: readonly number[];
}

export interface OpenedByOptions {
  readonly driver: Pick<LockDriver, 'events'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly visits: Pick<Visits, 'inTurn' | 'ask'>;
  /** Everybody whom the store knows. */
  readonly staffIds: () => readonly string[];
  readonly clock: Pick<Clock, 'now'>;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const createOpenedBy = (options: OpenedByOptions): OpenedByQuestion => {
  const { driver, directory, visits, staffIds, clock } = options;

  const explained = new Map<string, Explained>();
  const isNow = (at: number): boolean => Math.abs(clock.now() - at) <= agoMs;
  const of = (serialNumber: string): Explained => {
    const { upTo = 0, here = [] } = explained.get(serialNumber) ?? {};
    return { upTo, here: here.filter(isNow) };
  };

  const isBySomebodyNow = (serialNumber: string, events: readonly RingEvent[]): boolean => {
    const staff = new Set(staffIds().map((staffId) => hex(actorHash(staffId))));
    const { upTo, here } = of(serialNumber);
    const by = events.filter(
      ({ sequence, kind, at, actorHash: who }) =>
        kind === 'unlocked' && sequence > upTo && who !== null && staff.has(hex(who)) && isNow(at),
    );
    if (by.length <= here.length) return false;
    explained.set(serialNumber, { upTo: by.at(-1)?.sequence ?? upTo, here: [] });
    return true;
  };

  const ask = async (serialNumber: string, signal: AbortSignal): Promise<OpenedBy> => {
    const lock = directory.lock(serialNumber);
    if (!lock) return 'not_known';
    const { deviceCertificate } = lock;
    const answer = await visits.inTurn<OpenedBy>('background', serialNumber, async (yielded) => {
      const either = AbortSignal.any([signal, yielded]);
      const operation = { deadlineMs: askDeadlineMs, signal: either };
      try {
        const ring = await visits.ask({ serialNumber, deviceCertificate, signal: either }, (lent) =>
          readWholeRing((after) => driver.events(serialNumber, lent, after, operation)),
        );
        if (ring.ok) return ok(isBySomebodyNow(serialNumber, ring.value) ? 'staff' : 'nobody');
      } catch {
        return ok('not_known');
      }
      return ok(yielded.aborted ? 'not_now' : 'not_known');
    });
    return answer.ok ? answer.value : 'not_now';
  };
  return {
    ask,
    openedHere: (serialNumber, at) => {
      const { upTo, here } = of(serialNumber);
      explained.set(serialNumber, { upTo, here: [...here, at] });
    },
  };
};
