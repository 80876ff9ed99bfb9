/** The screens that are no part of the page's first load: whoever signs in and opens a lock needs none of them. */
import { languages } from '#shared/models/language.ts';
import { loadDictionary } from '../i18n/dictionaries.ts';
import { createPart } from '../state/later.svelte.ts';
import { lateKeys } from '../ui/late-keys.ts';
import { lateParts } from './late-parts.ts';

export const lateScreens = {
  health: createPart(() => import('./Health.svelte')),
  setUp: createPart(() => import('./SetUp.svelte')),
  newLocks: createPart(() => import('./NewLocks.svelte')),
  enrol: createPart(() => import('./Enrol.svelte')),
  queue: createPart(() => import('./Queue.svelte')),
  alarms: createPart(() => import('./Alarms.svelte')),
  sweep: createPart(() => import('./Sweep.svelte')),
  batteries: createPart(() => import('./BatteryRound.svelte')),
  activity: createPart(() => import('./Activity.svelte')),
  badges: createPart(() => import('./Badges.svelte')),
};

/** All that the page brings once it has nothing else to do; first what an opening may ask for. */
export const whatFollows: readonly (() => Promise<void>)[] = [
  ...[...Object.values(lateParts), lateKeys].map(({ load }) => load),
  ...Object.values(lateScreens).map(({ load }) => load),
  ...languages.map((language) => () => loadDictionary(language)),
];
