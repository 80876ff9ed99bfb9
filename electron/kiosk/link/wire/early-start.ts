/** The value of EAD item 32775: a lock that takes an early start says how large a frame it takes and sends. */
import { maxFrame, minFrame } from './frames.ts';

const valueLength = 2;

/** null for what is no frame size: such a lock is opened as one that has said nothing. */
export const readEarlyStart = (value: Uint8Array | null | undefined): number | null => {
  if (value?.length !== valueLength) return null;
  const frameSize = ((value[0] ?? 0) << 8) | (value[1] ?? 0);
  return frameSize >= minFrame && frameSize <= maxFrame ? frameSize : null;
};
