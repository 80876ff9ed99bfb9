/** The columns of a list of people, and how each is written. */
import { languages, type Language } from '#shared/models/language.ts';
import type { Column } from '#shared/lists/columns.ts';
import type { PersonRow } from '../admin/person-details.ts';

const headers = (en: string, fr: string, de: string, es: string, ...also: readonly string[]): Column => ({
  headers: { en, fr, de, es },
  also,
});

export const peopleColumns = {
  employeeNumber: headers(
    'Employee number',
    'Numéro d’employé',
    'Personalnummer',
    'Número de empleado',
    'employee no',
    'staff number',
    'personnel number',
    'matricule',
    'Mitarbeiternummer',
    'nº de empleado',
  ),
  name: headers(
    'Name',
    'Nom',
    'Name',
    'Nombre',
    'display name',
    'full name',
    'nom affiché',
    'Anzeigename',
    'nombre completo',
  ),
  language: headers('Language', 'Langue', 'Sprache', 'Idioma'),
  roles: headers('Roles', 'Rôles', 'Rollen', 'Funciones', 'role', 'rôle', 'Rolle', 'rol', 'función'),
  from: headers(
    'First day',
    'Premier jour',
    'Erster Tag',
    'Primer día',
    'start date',
    'start',
    'date de début',
    'début',
    'Beginn',
    'ab',
    'fecha de inicio',
    'desde',
    'du',
  ),
  until: headers(
    'Last day',
    'Dernier jour',
    'Letzter Tag',
    'Último día',
    'end date',
    'end',
    'to',
    'date de fin',
    'fin',
    'Ende',
    'bis',
    'fecha de fin',
    'hasta',
    'au',
  ),
  pin: headers('PIN', 'Code PIN', 'PIN', 'PIN'),
  duressPin: headers('Duress PIN', 'Code PIN de contrainte', 'Notfall-PIN', 'PIN de coacción'),
  id: headers('ID', 'Identifiant', 'Kennung', 'Identificador', 'staff id'),
} as const satisfies Record<string, Column>;
export type PeopleColumn = keyof typeof peopleColumns;

/** What is written; nothing of their PINs. */
export const writtenColumns = ['employeeNumber', 'name', 'language', 'roles', 'from', 'until', 'id'] as const;
type WrittenColumn = (typeof writtenColumns)[number];

/** Of somebody whose roles are none: they may do nothing. Somebody of whom none are set has an empty cell, and may do everything. */
export const noRoles = 'none';
/** In a cell: what is set there is taken away. An empty one leaves it. */
export const takenAway = '-';

/** What people write where they have nothing to write, and no name: nothing but punctuation, or `n/a`. */
export const isNothing = (text: string): boolean =>
  /^(?:[\p{Pd}\p{Po}\p{Pc}\u2212\s]+|n\s*[/.]\s*a\.?)$/iu.test(text);

export const writtenOf = (row: PersonRow): Readonly<Record<WrittenColumn, string>> => ({
  employeeNumber: row.employee_number ?? '',
  name: row.name,
  language: row.language ?? '',
  roles: row.roles?.length === 0 ? noRoles : (row.roles?.join(', ') ?? ''),
  from: row.valid_from ?? '',
  until: row.valid_until ?? '',
  id: row.staff_id,
});

const languageWords: Readonly<Record<Language, readonly string[]>> = {
  en: ['english', 'anglais', 'englisch', 'inglés'],
  fr: ['french', 'français', 'französisch', 'francés'],
  de: ['german', 'allemand', 'deutsch', 'alemán'],
  es: ['spanish', 'espagnol', 'spanisch', 'español'],
};

/** Null: none that the page speaks. */
export const languageNamed = (text: string): Language | null => {
  const word = text.normalize('NFC').toLowerCase();
  return languages.find((each) => each === word || languageWords[each].includes(word)) ?? null;
};
