/**
 * The summary of an MSI, as OLE property sets are laid out. wixl 0.101 draws the package code anew for each build and takes the time of
 * now, whatever its document and `SOURCE_DATE_EPOCH` say.
 */
const marker = Buffer.from('feff0000', 'hex');
const at = { sectionOffset: 44, count: 4, pairs: 8 } as const;
const property = { revision: 9, created: 12, saved: 13 } as const;
const kind = { text: 30, time: 64 } as const;
/** From 1601 to 1970, in tenths of microseconds, as Windows counts. */
const epoch = 116_444_736_000_000_000n;
const ticksPerSecond = 10_000_000n;

/** Where each property's value begins: its kind, then the value. */
const propertiesOf = (file: Buffer): ReadonlyMap<number, number> => {
  for (let start = file.indexOf(marker); start >= 0; start = file.indexOf(marker, start + 1)) {
    const section = start + file.readUInt32LE(start + at.sectionOffset);
    if (section + at.pairs > file.length) continue;
    const count = file.readUInt32LE(section + at.count);
    const pairs = Array.from({ length: Math.min(count, 32) }, (_, index) => section + at.pairs + index * 8);
    const found = new Map(
      pairs.map((pair) => [file.readUInt32LE(pair), section + file.readUInt32LE(pair + 4)]),
    );
    const revision = found.get(property.revision);
    if (revision !== undefined && file.readUInt32LE(revision) === kind.text) return found;
  }
  throw new Error('the package has no summary');
};

/** Gives the package this code (a UUID) and this time (seconds since 1970). Throws where the summary is not as wixl writes it. */
export const setSummary = (file: Buffer, code: string, seconds: number): void => {
  const properties = propertiesOf(file);
  const revision = properties.get(property.revision) ?? 0;
  const text = `{${code}}`;
  if (file.readUInt32LE(revision + 4) !== text.length + 1)
    throw new Error('the package code has another length');
  file.write(text, revision + 8, 'latin1');
  for (const id of [property.created, property.saved]) {
    const place = properties.get(id) ?? 0;
    if (file.readUInt32LE(place) !== kind.time) throw new Error('the summary has no time');
    file.writeBigUInt64LE(epoch + BigInt(seconds) * ticksPerSecond, place + 4);
  }
};
