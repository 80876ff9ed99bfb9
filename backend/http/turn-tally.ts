/** Whose turns are out, or waited for: of a kiosk, of a store, of all. */

/** Where there are no kiosks yet (an address), group and caller are the same. */
export interface Caller {
  readonly storeId: string;
  readonly kioskId: string;
}

export interface Most {
  readonly kiosk: number;
  readonly store: number;
  readonly all: number;
}

/** What is out or waiting, counted by whose it is; nothing is kept of whoever has nothing. */
const createCounts = () => {
  const counts = new Map<string, number>();
  return {
    of: (key: string): number => counts.get(key) ?? 0,
    add: (key: string, by: 1 | -1): void => {
      const count = (counts.get(key) ?? 0) + by;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
};

export const createTally = () => {
  const [kiosks, stores] = [createCounts(), createCounts()];
  let all = 0;
  return {
    has: ({ storeId, kioskId }: Caller, most: Most): boolean =>
      all < most.all && stores.of(storeId) < most.store && kiosks.of(kioskId) < most.kiosk,
    isLeft: (most: Most): boolean => all < most.all,
    ofKiosk: kiosks.of,
    addToKiosk: kiosks.add,
    addToShared: (storeId: string, by: 1 | -1): void => {
      all += by;
      stores.add(storeId, by);
    },
    add({ storeId, kioskId }: Caller, by: 1 | -1): void {
      this.addToShared(storeId, by);
      this.addToKiosk(kioskId, by);
    },
  };
};
