/** The columns of a list of locks, as the backend takes and writes it and a kiosk writes it. */
import type { Column } from './columns.ts';

export const lockColumns = {
  serialNumber: {
    headers: { en: 'Serial number', fr: 'Numéro de série', de: 'Seriennummer', es: 'Número de serie' },
    also: ['serial', 'serial no', 'n° de série', 'Serien-Nr.', 'nº de serie'],
  },
  name: {
    headers: { en: 'Name', fr: 'Nom', de: 'Name', es: 'Nombre' },
    also: ['lock', 'serrure', 'Schloss', 'cerradura', 'place', 'emplacement', 'Platz', 'lugar'],
  },
  group: { headers: { en: 'Group', fr: 'Groupe', de: 'Gruppe', es: 'Grupo' }, also: [] },
  place: {
    headers: { en: 'Place ID', fr: 'ID de l’emplacement', de: 'Platz-ID', es: 'ID del lugar' },
    also: [],
  },
  battery: {
    headers: { en: 'Battery %', fr: 'Pile %', de: 'Batterie %', es: 'Batería %' },
    also: [],
  },
  lastHeard: {
    headers: { en: 'Last heard', fr: 'Captée en dernier', de: 'Zuletzt gehört', es: 'Oída por última vez' },
    also: [],
  },
} as const satisfies Record<string, Column>;
export type LockColumn = keyof typeof lockColumns;
