import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LockTile } from '#shared/ipc/views.ts';
import { createTileOrder } from './tile-order.ts';

const serialOf = (n: number): string => n.toString(16).padStart(16, '0');
const tile = (n: number, proximity: LockTile['proximity'], rest: Partial<LockTile> = {}): LockTile => ({
  serialNumber: serialOf(n),
  name: `Hook ${n}`,
  group: '',
  proximity,
  battery: 90,
  batteryLow: false,
  boltOpen: false,
  alarms: [],
  unknownSince: null,
  refused: null,
  obstacle: null,
  opensOfflineUntil: null,
  needs: null,
  lastHeard: null,
  toBeReleased: false,
  ...rest,
});
const order = (...ns: number[]): string[] => ns.map(serialOf);

describe('tile order', () => {
  it('is by group, then by name as people count, whatever is open and however near', () => {
    const locks = [
      tile(10, 'here', { group: 'Bay 10' }),
      tile(4, 'far', { group: 'Bay 2', boltOpen: true }),
      tile(12, 'far', { group: 'Bay 2', alarms: [{ kind: 'tampered', since: 0, acknowledged: false }] }),
      tile(3, 'here', { group: 'Bay 2' }),
      tile(1, 'here'),
      tile(5, null, { group: 'Bay 2' }),
    ];
    const wanted = order(3, 4, 12, 10, 1);
    expect(createTileOrder().update(locks, false)).toEqual(wanted);
    expect(createTileOrder().update(locks.toReversed(), false)).toEqual(wanted);
  });

  it('stays the same, to the object, when locks open, come nearer or go silent', () => {
    const tiles = createTileOrder();
    const before = tiles.update([tile(1, 'here'), tile(2, 'near'), tile(3, 'far')], false);
    const changed = [
      tile(1, null),
      tile(2, 'far', { alarms: [{ kind: 'tampered', since: 0, acknowledged: false }] }),
      tile(3, 'here', { boltOpen: true }),
    ];
    expect(tiles.update(changed, false)).toBe(before);
  });

  it('shows a lock that comes into range at once, in its place', () => {
    const tiles = createTileOrder();
    tiles.update([tile(1, 'here'), tile(2, null), tile(3, 'here')], false);
    expect(tiles.update([tile(1, 'here'), tile(2, 'near'), tile(3, 'here')], false)).toEqual(order(1, 2, 3));
  });

  it('never moves, adds or removes a tile while it is held', () => {
    const locks = fc.array(
      fc.record({
        n: fc.nat(9),
        proximity: fc.constantFrom('here' as const, 'near' as const, 'far' as const, null),
        boltOpen: fc.boolean(),
      }),
      { maxLength: 10 },
    );
    const step = fc.record({ locks, held: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const tiles = createTileOrder();
        let before: readonly string[] = [];
        for (const { locks: given, held } of steps) {
          const seen = new Map(
            given.map((one) => [one.n, tile(one.n, one.proximity, { boltOpen: one.boltOpen })]),
          );
          const after = tiles.update([...seen.values()], held);
          const present = new Set([...seen.keys()].map(serialOf));
          if (held) expect(after).toEqual(before.filter((serial) => present.has(serial)));
          expect(new Set(after).size).toBe(after.length);
          before = after;
        }
      }),
    );
  });
});
