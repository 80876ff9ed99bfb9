/** What the kiosk is told of a person at the screen: that somebody is there, and nothing of what they touch or type, nor how often. */

/** Whoever is asked has 20 s to answer (WCAG 2.2, 2.2.1), whatever a clock that ticks each second takes of it. */
export const warnMs = 25_000;
/** Told at most this often: nobody can count the digits of a PIN by it. */
const tellEveryMs = 2_000;

/** For every touch; `asked`: whether that person is asked just now whether they are there, which each touch answers. */
export const createSignsOfLife = (
  tell: () => void,
  now: () => number = () => performance.now(),
): ((asked: boolean) => void) => {
  let toldAt = -tellEveryMs;
  return (asked) => {
    if (!asked && now() - toldAt < tellEveryMs) return;
    toldAt = now();
    tell();
  };
};
