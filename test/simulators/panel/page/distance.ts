/** The slider's scale: each step to the right is the same factor farther, as people feel distance in a room. */
const nearest = 0.3;
const farthest = 40;
/** Beyond this, in metres, nothing is heard. */
const silentFrom = 30;

/** Metres at the slider's position, 0 to 100. */
export const metresAt = (position: number): number =>
  Math.round(nearest * (farthest / nearest) ** (position / 100) * 10) / 10;

/** The slider's position, 0 to 100, at a distance in metres. */
export const positionOf = (metres: number): number =>
  Math.round((100 * Math.log(metres / nearest)) / Math.log(farthest / nearest));

export const distanceWords = (metres: number): string =>
  metres > silentFrom ? 'out of range' : `${metres < 10 ? metres.toFixed(1) : Math.round(metres)} m`;
