/** What the page speaks, of a store or a person. Null: none was set. */
import type { ColumnType } from 'kysely';
import type { Language } from '#shared/models/language.ts';

export type LanguageColumn = ColumnType<Language | null, Language | null | undefined>;

/** As a document has it: left out where none was set. */
export const languageField = ({
  language,
}: {
  readonly language: Language | null;
}): { language?: Language } => (language === null ? {} : { language });
