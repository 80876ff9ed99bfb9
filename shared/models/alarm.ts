/** What happens at a lock, or to the journal, without anybody of the store having done it, until a person has acknowledged it. */
import { z } from 'zod';

/** How an alarm ends: `lock_and_person`: both have to clear it; `cause`: when its cause is over; `person`: by their word alone. */
export type AlarmEnd = 'lock_and_person' | 'cause' | 'person';

/** docs/kiosk.md has this as a table, which a test reads. `grave`: it calls again each minute until somebody has acknowledged it. */
export const alarmTraits = {
  /** At another kiosk of the store somebody has used their duress PIN. It makes no sound: whoever forces them may hear it. */
  duress: { ends: 'person', grave: false },
  /** The lock advertises that it was handled by force. */
  tampered: { ends: 'lock_and_person', grave: true },
  /** It advertises that it is open, and neither this kiosk nor anybody of the store has opened it. */
  opened_unasked: { ends: 'lock_and_person', grave: true },
  /** It was opened, and is open still, longer than it is held open. */
  left_open: { ends: 'cause', grave: true },
  battery_low: { ends: 'cause', grave: false },
  /** For a day in which the kiosk was hearing. */
  not_heard: { ends: 'cause', grave: false },
  /** An event of the kiosk's journal is missing, or is not what was recorded. */
  chain_broken: { ends: 'person', grave: true },
} as const satisfies Record<string, { readonly ends: AlarmEnd; readonly grave: boolean }>;
export type AlarmKind = keyof typeof alarmTraits;

/** The gravest first. */
export const alarmKinds = Object.keys(alarmTraits) as [AlarmKind, ...AlarmKind[]];
export const alarmKindSchema = z.enum(alarmKinds);
