/**
 * SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4), as far as it takes to tell a damaged one from one whose
 * last write was cut short. SQLite takes both for the latter: it believes the frames before the fault and drops every
 * transaction after it, without a word.
 */
interface Frame {
  /** Offset of its header. */
  readonly at: number;
  /** Ends a transaction. */
  readonly isCommit: boolean;
}

const headerLength = 32;
const frameHeaderLength = 24;
/** Checksums are little-endian, as the processors are that a kiosk runs on. */
const magic = 0x377f0682;
const formatVersion = 3_007_000;
const usualPageSize = 4096;
/** A write that was cut short can leave the end of one transaction behind a fault: frames reach the disk in any order. */
const mostAfterPowerCut = 1;

/**
 * Null where the log is sound up to what a power cut may leave. Else the log with every frame that is still there made
 * valid again: not to be worked with, but good to read from what came after the fault.
 */
export const mendLog = (log: Uint8Array): Uint8Array | null => {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  if (log.length < headerLength + frameHeaderLength) return null;
  const isHeaderSound = hasSoundHeader(view);
  const pageSize = isHeaderSound ? view.getUint32(8) : usualPageSize;
  const salts = isHeaderSound ? 16 : headerLength + 8;
  const frameLength = frameHeaderLength + pageSize;
  const frames: Frame[] = [];
  for (let at = headerLength; at + frameLength <= log.length; at += frameLength) {
    const ofThisLog = [0, 4].every((part) => view.getUint32(at + 8 + part) === view.getUint32(salts + part));
    const page = view.getUint32(at);
    if (ofThisLog && page > 0) frames.push({ at, isCommit: view.getUint32(at + 4) > 0 });
  }
  const end = isHeaderSound ? soundUntil(view, frameLength) : headerLength;
  const hidden = frames.filter(({ at, isCommit }) => isCommit && at >= end);
  if (hidden.length <= mostAfterPowerCut) return null;
  return chained(log, { frames, frameLength, salts });
};

const hasSoundHeader = (view: DataView): boolean => {
  const [a, b] = checksum(view, 0, 24, [0, 0]);
  return view.getUint32(0) === magic && a === view.getUint32(24) && b === view.getUint32(28);
};

/** Where the first frame is that SQLite does not believe. */
const soundUntil = (view: DataView, frameLength: number): number => {
  let sum: Checksum = [view.getUint32(24), view.getUint32(28)];
  let at = headerLength;
  for (; at + frameLength <= view.byteLength; at += frameLength) {
    if ([0, 4].some((part) => view.getUint32(at + 8 + part) !== view.getUint32(16 + part))) break;
    sum = frameChecksum(view, at, frameLength, sum);
    if (sum[0] !== view.getUint32(at + 16) || sum[1] !== view.getUint32(at + 20)) break;
  }
  return at;
};

/** A log of these frames, one after the other. */
const chained = (
  log: Uint8Array,
  { frames, frameLength, salts }: { frames: readonly Frame[]; frameLength: number; salts: number },
): Uint8Array => {
  const mended = new Uint8Array(headerLength + frames.length * frameLength);
  const view = new DataView(mended.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, formatVersion);
  view.setUint32(8, frameLength - frameHeaderLength);
  mended.set(log.subarray(salts, salts + 8), 16);
  let sum = put(view, 24, checksum(view, 0, 24, [0, 0]));
  for (const [index, { at }] of frames.entries()) {
    const target = headerLength + index * frameLength;
    mended.set(log.subarray(at, at + frameLength), target);
    sum = put(view, target + 16, frameChecksum(view, target, frameLength, sum));
  }
  return mended;
};

type Checksum = readonly [number, number];

const put = (view: DataView, at: number, sum: Checksum): Checksum => {
  view.setUint32(at, sum[0]);
  view.setUint32(at + 4, sum[1]);
  return sum;
};

const frameChecksum = (view: DataView, at: number, frameLength: number, before: Checksum): Checksum => {
  const ofHeader = checksum(view, at, 8, before);
  return checksum(view, at + frameHeaderLength, frameLength - frameHeaderLength, ofHeader);
};

const checksum = (view: DataView, at: number, length: number, [first, second]: Checksum): Checksum => {
  let a = first;
  let b = second;
  for (let offset = at; offset < at + length; offset += 8) {
    a = (a + view.getUint32(offset, true) + b) >>> 0;
    b = (b + view.getUint32(offset + 4, true) + a) >>> 0;
  }
  return [a, b];
};
