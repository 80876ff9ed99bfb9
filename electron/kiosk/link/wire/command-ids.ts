/** What commands and results have in common on the wire: how each command is named, and within which bounds. */

export const commandIds = { unlock: 1, provision: 2, identify: 3, status: 4, events: 5, release: 6 } as const;

/** Longest hold-open time that goes over the wire, in seconds. */
export const maxHoldOpenSeconds = 60;
/** Longest release token, in bytes. */
export const maxToken = 512;
