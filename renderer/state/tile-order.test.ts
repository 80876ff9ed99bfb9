import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LockTile } from '#shared/ipc/views.ts';
import { createTileOrder, settleMs } from './tile-order.ts';

const serialOf = (n: number): string => n.toString(16).padStart(16, '0');
const tile = (n: number, proximity: LockTile['proximity'], rest: Partial<LockTile> = {}): LockTile => ({
  serialNumber: serialOf(n),
  name: `Hook ${n}`,
  group: '',
  proximity,
  battery: 90,
  batteryLow: false,
  boltOpen: false,
  tamper: false,
  obstacle: null,
  opensOfflineUntil: null,
  toBeReleased: false,
  ...rest,
});
const order = (...ns: number[]): string[] => ns.map(serialOf);

describe('tile order', () => {
  it('begins with what is open or tampered with, then by nearness, then by name', () => {
    const locks = [
      tile(10, 'far'),
      tile(2, 'far'),
      tile(3, 'here'),
      tile(4, 'far', { boltOpen: true }),
      tile(5, null),
    ];
    expect(createTileOrder().update(locks, 0, false)).toEqual(order(4, 3, 2, 10));
  });

  it('moves a tile only when its band has changed for more than two seconds', () => {
    const tiles = createTileOrder();
    tiles.update([tile(1, 'here'), tile(2, 'near')], 0, false);
    const walked = [tile(1, 'far'), tile(2, 'near')];
    expect(tiles.update(walked, 100, false)).toEqual(order(1, 2));
    expect(tiles.nextChange()).toBe(100 + settleMs + 1);
    expect(tiles.update(walked, 100 + settleMs, false)).toEqual(order(1, 2));
    expect(tiles.update(walked, 101 + settleMs, false)).toEqual(order(2, 1));
    expect(tiles.nextChange()).toBeNull();
  });

  it('forgets a change that did not last', () => {
    const tiles = createTileOrder();
    tiles.update([tile(1, 'here'), tile(2, 'near')], 0, false);
    tiles.update([tile(1, 'far'), tile(2, 'near')], 1_500, false);
    tiles.update([tile(1, 'here'), tile(2, 'near')], 1_600, false);
    expect(tiles.update([tile(1, 'far'), tile(2, 'near')], 3_000, false)).toEqual(order(1, 2));
    expect(tiles.update([tile(1, 'far'), tile(2, 'near')], 4_900, false)).toEqual(order(1, 2));
  });

  it('shows a lock that comes into range at once, and keeps one that fades for two seconds', () => {
    const tiles = createTileOrder();
    tiles.update([tile(1, 'here'), tile(2, null)], 0, false);
    expect(tiles.update([tile(1, 'here'), tile(2, 'near')], 10, false)).toEqual(order(1, 2));
    expect(tiles.update([tile(1, null), tile(2, 'near')], 20, false)).toEqual(order(1, 2));
    expect(tiles.update([tile(1, null), tile(2, 'near')], 21 + settleMs, false)).toEqual(order(2));
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
    const step = fc.record({ locks, passes: fc.nat(3_000), held: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const tiles = createTileOrder();
        let now = 0;
        let before: readonly string[] = [];
        for (const { locks: given, passes, held } of steps) {
          now += passes;
          const seen = new Map(
            given.map((one) => [one.n, tile(one.n, one.proximity, { boltOpen: one.boltOpen })]),
          );
          const after = tiles.update([...seen.values()], now, held);
          const present = new Set([...seen.keys()].map(serialOf));
          if (held) expect(after).toEqual(before.filter((serial) => present.has(serial)));
          expect(new Set(after).size).toBe(after.length);
          before = after;
        }
      }),
    );
  });
});
