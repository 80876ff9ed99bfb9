/**
 * A lock, closed and open, as one path each. Hundreds of tiles are drawn while a person types, and a copy of plain markup costs
 * least. In a box of 24 by 24.
 */
const body = 'M6 11h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2z';

export const lockShapes = {
  locked: `${body}M8 11V7a4 4 0 0 1 8 0v4`,
  open: `${body}M8 11V7a4 4 0 0 1 7.7-1.5`,
};
