/** The languages that the page speaks. */
import { z } from 'zod';

/** ISO 639-1. */
export const languages = ['en', 'fr', 'de', 'es'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;
/** As a document has it: none, or one that only a later release speaks, keeps nothing out. */
export const heldLanguageSchema = languageSchema.optional().catch(undefined);

/** Whose form dates, numbers and the order of names have: BCP 47. */
export const locales: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  fr: 'fr-FR',
  de: 'de-DE',
  es: 'es-ES',
};

/** What names are in the order of, where nobody's language is known. */
export const languageOf = (of: { readonly language?: Language | undefined } | null): Language =>
  of?.language ?? 'en';

const collators = new Map<Language, Intl.Collator>();

/** One for each: making one for every comparison takes longer than the sorting. */
const collatorOf = (language: Language): Intl.Collator => {
  const known = collators.get(language);
  if (known) return known;
  const collator = new Intl.Collator(locales[language], { numeric: true, sensitivity: 'base' });
  collators.set(language, collator);
  return collator;
};

/**
 * The order of names as readers of `language` expect it: "Hook 2" before "Hook 10", with capitals or without; "spirits" is not
 * "Spirits", though both stand in the same place.
 */
export const compareNames = (language: Language, a: string, b: string): number =>
  collatorOf(language).compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
