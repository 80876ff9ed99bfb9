/** A reader that sends twice what was held to it once does so within this time, in ms. */
export const sameReadMs = 1_000;
