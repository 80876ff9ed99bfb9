/**
 * What is known of locks that take an early start (docs/link.md): at which peer, where they have the service, and how large a
 * frame they take. Each lock has said so in a session that it then answered, authenticated. It outlives the kiosk's run, so that
 * a lock's first opening of a day costs no more than the next.
 */
import { z } from 'zod';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { gattHandlesSchema } from '../../../radio/protocol.ts';
import type { GattHandles } from '../../../radio/port.ts';
import { maxFrame, minFrame } from '../../wire/frames.ts';

export interface KnownLock {
  readonly handles: GattHandles;
  readonly frameSize: number;
}

/** Where it is kept, as text of its own. */
export interface EarlyStartMemory {
  /** Whom the kiosk belongs to; null before its registration. What was learnt for another owner is forgotten. */
  owner(): string | null;
  /** null where there is none yet. */
  read(): Promise<string | null>;
  /** Never rejects; what could not be kept is found out anew. */
  write(text: string): void;
}

export interface EarlyStarts {
  /** null unless the lock has said so at this very peer: another one may have its attributes elsewhere. */
  of(serialNumber: string, peer: string): KnownLock | null;
  remember(serialNumber: string, peer: string, known: KnownLock): void;
  /** What was said at this very peer: one in the lock's name takes nothing from the lock. */
  forget(serialNumber: string, peer: string): void;
}

/** More locks than any store has; the one that said so longest ago goes. */
const mostLocks = 4096;

/** Locks of one make have one layout: each is written down once. */
const memorySchema = z.object({
  layouts: z.array(gattHandlesSchema),
  locks: z.array(
    z.tuple([z.string(), z.string(), z.int().nonnegative(), z.int().min(minFrame).max(maxFrame)]),
  ),
});

interface Entry extends KnownLock {
  readonly peer: string;
}

const textOf = (known: ReadonlyMap<string, Entry>): string => {
  const layouts = [...new Set([...known.values()].map(({ handles }) => JSON.stringify(handles)))];
  const locks = [...known].map(([serialNumber, { peer, handles, frameSize }]) => [
    serialNumber,
    peer,
    layouts.indexOf(JSON.stringify(handles)),
    frameSize,
  ]);
  return `{"layouts":[${layouts.join(',')}],"locks":${JSON.stringify(locks)}}`;
};

/** Nothing where it can't be read: it is found out anew. */
const entriesOf = (text: string): [string, Entry][] => {
  try {
    const { layouts, locks } = memorySchema.parse(JSON.parse(text));
    return locks.flatMap(([serialNumber, peer, layout, frameSize]): [string, Entry][] => {
      const handles = layouts[layout];
      return handles ? [[serialNumber, { peer, handles, frameSize }]] : [];
    });
  } catch {
    return [];
  }
};

const isSame = (one: Entry | undefined, other: Entry): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

export const createEarlyStarts = (memory: EarlyStartMemory | null): EarlyStarts => {
  const known = createBoundedMap<string, Entry>(mostLocks);
  let owner = memory?.owner() ?? null;
  const ofOwner = (): Map<string, Entry> => {
    const now = memory?.owner() ?? null;
    if (now !== owner) known.clear();
    owner = now;
    return known;
  };
  const keep = (): void => {
    if (owner !== null) memory?.write(textOf(known));
  };
  const begun = owner;
  void memory?.read().then(
    (text) => {
      if (text === null || memory.owner() !== begun) return;
      // Read while the kiosk starts: what was learnt meanwhile is newer.
      const newer = [...known];
      known.clear();
      for (const [serialNumber, entry] of [...entriesOf(text), ...newer]) known.set(serialNumber, entry);
    },
    () => undefined,
  );
  return {
    of: (serialNumber, peer) => {
      const entry = ofOwner().get(serialNumber);
      return entry?.peer === peer ? entry : null;
    },
    remember: (serialNumber, peer, { handles, frameSize }) => {
      const entry = { peer, handles, frameSize };
      if (isSame(ofOwner().get(serialNumber), entry)) return;
      known.set(serialNumber, entry);
      keep();
    },
    forget: (serialNumber, peer) => {
      if (ofOwner().get(serialNumber)?.peer !== peer) return;
      known.delete(serialNumber);
      keep();
    },
  };
};
