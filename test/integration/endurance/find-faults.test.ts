/** A checker that never finds anything proves nothing: each kind of loss and of doubling is made here, and has to be found. */
import { describe, expect, it, test } from 'vitest';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { accessEvent, hashed } from '#support/documents.ts';
import { enrolmentRow, ids, serial } from '#support/kiosk-rows.ts';
import { findFaults, type Evidence } from './find-faults.ts';
import { createLedger } from './ledger.ts';

const eventAt = (sequence: number, previousHash: string, part: Partial<AccessEvent>): AccessEvent =>
  hashed(
    accessEvent({
      kioskId: ids.kiosk,
      sequence,
      staffId: ids.ann,
      serialNumber: serial,
      kind: 'enrolment_captured',
      previousHash,
      ...part,
    }),
  );
const attemptId = ids.bob;
const first = eventAt(1, firstPreviousHash, {});
const second = eventAt(2, first.hash, { kind: 'unlocked', attemptId });

const allIsWell = () => {
  const ledger = createLedger();
  ledger.askCapture('North', serial)(ids.enrolment);
  ledger.askUnlock('North', serial)('open');
  ledger.show({ [ids.enrolment]: 'provisioned' });
  const content = { lockSerials: [serial], keySerials: [serial], trustIds: ['one'] };
  const enrolments = [enrolmentRow({ state: 'provisioned' })];
  const lock = { serialNumber: serial, enrolmentCode: '', boundTo: 'key', openings: new Map([['North', 1]]) };
  return {
    ledger,
    locks: new Map([[serial, lock]]),
    registered: new Map([[serial, 'key']]),
    backend: {
      ...content,
      enrolments,
      claims: new Map([[serial, ids.enrolment]]),
      outbox: [],
      events: [first, second].map((event) => ({ verdict: 'chained', event })),
      kioskNames: new Map([[ids.kiosk, 'North']]),
    },
    kiosks: new Map([
      ['North', { ...content, enrolments, events: [first, second], unsent: 0, kioskId: ids.kiosk }],
    ]),
  } satisfies Evidence;
};
type World = ReturnType<typeof allIsWell>;

const losses: readonly (readonly [string, (world: World) => Evidence, RegExp])[] = [
  ['a capture', (w) => ({ ...w, backend: { ...w.backend, enrolments: [] } }), /capture lost/],
  [
    'an event of the end',
    (w) => ({ ...w, backend: { ...w.backend, events: w.backend.events.slice(0, 1) } }),
    /2 events on the kiosk, 1 on the backend/,
  ],
  ['a key', (w) => ({ ...w, backend: { ...w.backend, keySerials: [] } }), /Key Certificates/],
  ['a registration', (w) => ({ ...w, registered: new Map() }), /vendor has registered/],
  ['a claim', (w) => ({ ...w, backend: { ...w.backend, claims: new Map() } }), /without holding/],
];

describe('what is lost is found', () => {
  it('says nothing when all is well', () => {
    expect(findFaults(allIsWell())).toEqual([]);
  });

  test.each(losses)('%s', (_, spoil, fault) => {
    expect(findFaults(spoil(allIsWell())).join('\n')).toMatch(fault);
  });

  it('an opening that nobody recorded', () => {
    const world = allIsWell();
    world.locks.get(serial)?.openings.set('North', 2);
    expect(findFaults(world).join('\n')).toMatch(/openings North .*, known or not/);
  });
});

describe('what the vendor has registered and nobody enrolled', () => {
  const other = '0000051a00000099';
  const givenUp = (kioskId: string, restores: number): string[] => {
    const world = allIsWell();
    world.ledger.restores = restores;
    world.registered.set(other, 'another key');
    const row = enrolmentRow({
      enrolmentId: ids.operation,
      serialNumber: other,
      state: 'abandoned',
      kioskId,
    });
    world.backend.enrolments.push(row);
    world.kiosks.get('North')?.enrolments.splice(0, Infinity, ...world.backend.enrolments);
    return findFaults(world);
  };

  it('is found where it was given up, but not what a revoked kiosk had handed in to a restored backend', () => {
    expect(givenUp(ids.store, 1)).toEqual([]);
    expect(givenUp(ids.store, 0)).toEqual(['the vendor has registered other locks']);
    expect(givenUp(ids.kiosk, 1)).toEqual(['the vendor has registered other locks']);
  });
});

describe('what is there twice is found', () => {
  it('an attempt that was recorded twice', () => {
    const world = allIsWell();
    const again = eventAt(3, second.hash, { kind: 'unlocked', attemptId });
    world.backend.events.push({ verdict: 'chained', event: again });
    expect(findFaults(world).join('\n')).toMatch(/attempt recorded twice/);
  });

  it('an enrolment of the same lock', () => {
    const world = allIsWell();
    world.backend.enrolments.push(enrolmentRow({ state: 'registered', enrolmentId: ids.operation }));
    expect(findFaults(world).join('\n')).toMatch(/enrolled twice/);
  });

  it('a lock that is bound to a key which the vendor did not register', () => {
    const world = allIsWell();
    world.registered.set(serial, 'another key');
    expect(findFaults(world)).toEqual([`bound to another key: ${serial}`]);
  });
});

it('a journal that was changed afterwards is found', () => {
  const world = allIsWell();
  world.kiosks.get('North')?.events.splice(0, 1, { ...first, at: 2 });
  expect(findFaults(world).join('\n')).toMatch(/chain of North breaks at 1/);
});
