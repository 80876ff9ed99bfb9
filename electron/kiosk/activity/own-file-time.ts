/** When a file was taken, as its name says it, to the second: `2026-03-04-091500`. No two of a day are called the same. */
export const ownFileTime = (wallMs: number): string =>
  new Date(wallMs).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
