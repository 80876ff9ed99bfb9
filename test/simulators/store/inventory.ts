/** The simulated store's dozen locks: what a person finds in it on the first day. */

export interface InventoryLock {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
  readonly type: string;
  /** `ours`: enrolled in this store; `new`: unprovisioned; `other`: enrolled in another store. */
  readonly belongs: 'ours' | 'new' | 'other';
  /** Metres from the kiosk. */
  readonly distance: number;
  /** Percent. */
  readonly battery: number;
}

const lock = (
  index: number,
  belongs: InventoryLock['belongs'],
  name: string,
  group: string,
  distance: number,
  battery = 90,
): InventoryLock => ({
  serialNumber: (0x0000051a_00000100n + BigInt(index)).toString(16).padStart(16, '0'),
  name,
  group,
  type: 'CAM',
  belongs,
  distance,
  battery,
});

export const inventory: readonly InventoryLock[] = [
  lock(1, 'ours', 'Watches, top shelf', 'Watches', 0.8, 96),
  lock(2, 'ours', 'Watches, drawer', 'Watches', 1.4, 91),
  lock(3, 'ours', 'Fragrance cabinet', 'Beauty', 3, 88),
  lock(4, 'ours', 'Razor blades', 'Beauty', 6, 12),
  lock(5, 'ours', 'Headphones hook', 'Electronics', 9, 77),
  lock(6, 'ours', 'Game console case', 'Electronics', 12, 84),
  lock(7, 'ours', 'Spirits cabinet', 'Groceries', 18, 80),
  lock(8, 'ours', 'Stock room cage', 'Back office', 36, 70),
  lock(9, 'new', 'Phone display, left', 'Electronics', 1.2, 100),
  lock(10, 'new', 'Phone display, right', 'Electronics', 2, 100),
  lock(11, 'new', 'Tablet table', 'Electronics', 7, 99),
  lock(12, 'other', 'Jewellery counter next door', 'Jewellery', 11, 66),
];
