/** Whether the next time that a refusal tells is the first: by the minute for as long as there is time for it, then at times that are picked. */
import type { Chance } from './chance.ts';
import { isRefusal, judge, nextAllowed, type Asked, type Wall } from './reference.ts';

const minute = 60_000;
/** In minutes: how far is stepped through, and how far is searched. */
const stepped = 2 * 1440;
const searched = 400 * 1440;
const picked = 40;

export interface ToldNext {
  readonly rights: unknown;
  readonly asked: Asked;
  readonly wall: Wall | null;
  readonly told: number | null;
  /** Through all of the 400 days. */
  readonly isWhole: boolean;
}

/** What is wrong with it; null: nothing. */
export const faultOfNext = (
  { rights, asked, wall, told, isWhole }: ToldNext,
  chance: Chance,
): string | null => {
  const found = nextAllowed(rights, asked, wall, isWhole ? searched : stepped);
  if (found !== null || isWhole) return found === told ? null : `the next time is ${String(found)}`;
  const refusedAt = (at: number): boolean => isRefusal(judge(rights, { ...asked, at }, wall));
  const end = told ?? asked.at + searched * minute;
  if (told !== null && (refusedAt(told) || !refusedAt(told - 1))) return 'the next time is another';
  const between = Array.from(
    { length: picked },
    () => asked.at + chance.whole(0, (end - asked.at) / minute - 1) * minute,
  );
  const sooner = between.find((at) => !refusedAt(at));
  return sooner === undefined ? null : `it is open at ${String(sooner)} already`;
};
