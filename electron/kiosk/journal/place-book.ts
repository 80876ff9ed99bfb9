/** Which place each lock is in now, for the journal, which is there before anybody knows. */
export interface PlaceBook {
  /** Undefined of a lock in none, and where the backend knows no places. */
  of(serialNumber: string): string | undefined;
  /** Whom to ask from now on. */
  ask(placeOf: (serialNumber: string) => string | null | undefined): void;
}

export const createPlaceBook = (): PlaceBook => {
  let asked: (serialNumber: string) => string | null | undefined = () => undefined;
  return {
    of: (serialNumber) => asked(serialNumber) ?? undefined,
    ask: (placeOf) => {
      asked = placeOf;
    },
  };
};
