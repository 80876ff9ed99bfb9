/** Which language the page speaks. */
import type { KioskView } from '#shared/ipc/views.ts';
import { languages, type Language } from '#shared/models/language.ts';

/** What a view of the kiosk tells of it. */
export type Speaker = Pick<KioskView, 'language' | 'session' | 'phase' | 'timeZone'>;

/** The first of the languages that the computer is set to (BCP 47) which the page speaks; English where it speaks none of them. */
export const computersLanguage = (preferred: readonly string[]): Language =>
  preferred
    .map((tag) => languages.find((one) => tag.toLowerCase().split('-')[0] === one))
    .find((one) => one !== undefined) ?? 'en';

/** What whoever stands there has chosen goes before the signed-in person's own, that before the store's. */
export const spokenLanguage = (
  chosen: Language | null,
  view: Speaker | null,
  computers: Language,
): Language => chosen ?? view?.session?.language ?? view?.language ?? computers;

/**
 * What is left of a choice when another view comes: whoever signs out takes it along, and somebody who signs in is spoken to in
 * their own language. Who has none keeps the one that they have chosen before.
 */
export const chosenAfter = (
  chosen: Language | null,
  before: Speaker | null,
  next: Speaker,
): Language | null => {
  if (before?.session?.staffId === next.session?.staffId) return chosen;
  return before?.session || next.session?.language ? null : chosen;
};

/** Whether a choice is forgotten once nobody touches the screen: whoever made it at the sign-in may have left. */
export const isPassing = ({ phase, session }: Speaker): boolean => phase === 'ready' && session === null;
