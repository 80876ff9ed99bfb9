import type { Random } from '#kiosk/platform/random.ts';

const dbmAtOneMetre = -52;
/** 2 in free space, up to 4 behind shelves; a shop floor lies between. */
const pathLossExponent = 2.3;

/** Roughly normal, mean 0 and deviation 1: the sum of twelve uniform draws less their mean. */
const normal = (random: Random): number => {
  let sum = -6;
  for (let draw = 0; draw < 12; draw += 1) sum += random.float();
  return sum;
};

/** Received signal strength in dBm, within what HCI can say (-127 to 20). */
export const rssiAt = (metres: number, noiseDb: number, random: Random): number => {
  const mean = dbmAtOneMetre - 10 * pathLossExponent * Math.log10(Math.max(metres, 0.1));
  const noise = noiseDb === 0 ? 0 : noiseDb * normal(random);
  return Math.max(-127, Math.min(20, Math.round(mean + noise)));
};
