/** Whatever the backend has heard of and others have done meanwhile: a place has one lock at the most, and no lock is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';
import { asSpare, standingsAsDone } from './standings.ts';

const serials = ['0000051a00000001', '0000051a00000002', '0000051a00000003', '0000051a00000004'];
const places = ['front', 'back'];
const serial = fc.constantFrom(...serials);
const group = 'Spirits';
const namedAs = (place: string) => ({ name: `Cabinet ${place}`, group });

/** The backend's word: each place has one of the locks, the others are spares. */
const pulled = fc.shuffledSubarray(serials, { minLength: 4 }).map((order): StoreLocks => {
  const locks = order.map((serialNumber, at): StoreLock => {
    const place = places[at];
    const standing = place === undefined ? asSpare(serialNumber, group) : { ...namedAs(place), place };
    return { serialNumber, ...standing, deviceCertificate: '', release: null };
  });
  return new Map(locks.map((lock) => [lock.serialNumber, lock]));
});
const events = fc.array(
  fc.oneof(
    fc
      .record({ serialNumber: serial, by: serial, place: fc.constantFrom(...places) })
      .filter(({ serialNumber, by }) => serialNumber !== by)
      .map(({ serialNumber, by, place }) => {
        const replacement = { by, was: { name: by, group }, naming: namedAs(place) };
        return { kind: 'lock_replaced', serialNumber, place, replacement } as PlannedEvent;
      }),
    fc.record({ serialNumber: serial, place: fc.constantFrom(...places) }).map(({ serialNumber, place }) => {
      const renaming = { from: namedAs(place), to: { name: `New ${place}`, group } };
      return { kind: 'lock_renamed', serialNumber, renaming } as PlannedEvent;
    }),
  ),
  { maxLength: 6 },
);

test('no place has two locks, none is left empty, and no lock is lost', () => {
  fc.assert(
    fc.property(pulled, events, (locks, done) => {
      const shown = [...standingsAsDone(locks, done).values()];
      expect(shown.map(({ serialNumber }) => serialNumber).sort()).toEqual(serials);
      expect(shown.flatMap(({ place }) => place ?? []).sort()).toEqual([...places].sort());
    }),
  );
});
