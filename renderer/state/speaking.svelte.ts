/** The language that the page speaks now and by whose clock, and what whoever stands there has chosen. */
import { languageSchema, type Language } from '#shared/models/language.ts';
import { sayTimesIn } from '../i18n/time-words.ts';
import { hasDictionary, loadDictionary } from '../i18n/dictionaries.ts';
import { direction, readAhead, speak } from '../i18n/translate.ts';
import { after } from './after.ts';
import { bring } from './later.svelte.ts';
import { whenIdle } from './when-idle.ts';
import {
  chosenAfter,
  computersLanguage,
  isPassing,
  spokenLanguage,
  type Speaker,
} from './spoken-language.ts';

/** So long after the last touch, in ms, a choice at the sign-in is taken for that of somebody who has left. */
const forgottenAfterMs = 60_000;
const touches = ['pointerdown', 'keydown'] as const;

export interface Speaking {
  /** That which is shown: another that is wanted is shown once its words have come. */
  readonly language: Language;
  /** The words of the one that is wanted cannot be had. */
  readonly missing: boolean;
  choose(language: Language): void;
  /** Takes in a view of the kiosk. */
  meet(view: Speaker): void;
  dispose(): void;
}

const firstKey = 'latchpoint.language';

/** What the page begins with, before it hears from the kiosk: what it spoke last, and at its first start the computer's. */
export const firstLanguage = (): Language => {
  const last = languageSchema.safeParse(localStorage.getItem(firstKey));
  return last.success ? last.data : computersLanguage(navigator.languages);
};

/** The words of `first` have come. */
export const createSpeaking = (first: Language): Speaking => {
  const computers = computersLanguage(navigator.languages);
  let chosen = $state<Language | null>(null);
  let view = $state.raw<Speaker | null>(null);
  let forget = (): void => undefined;
  // Before the kiosk has told of it, nobody knows what is wanted, and what is shown stays.
  const wanted = $derived(
    spokenLanguage(chosen, view, view === null || view.phase === 'starting' ? first : computers),
  );
  let arrivals = $state(0);
  let missing = $state(false);
  let shown = first;
  // One that is here is spoken in the same moment.
  const language = $derived.by(() => {
    if (arrivals >= 0 && hasDictionary(wanted)) shown = wanted;
    return shown;
  });

  const watch = (): void => {
    forget();
    if (chosen !== null && view !== null && isPassing(view)) {
      forget = after(forgottenAfterMs, () => (chosen = null));
    }
  };
  for (const touch of touches) addEventListener(touch, watch, true);
  speak(() => language);
  sayTimesIn(() => view?.timeZone);

  // Whoever reads the page aloud has to know how.
  const stopTelling = $effect.root(() => {
    $effect(() => {
      document.documentElement.lang = language;
      document.documentElement.dir = direction();
    });
    $effect(() => {
      const next = wanted;
      missing = false;
      if (hasDictionary(next)) return;
      return bring(
        () => loadDictionary(next),
        () => (arrivals += 1),
        () => (missing = true),
      );
    });
    $effect(() => localStorage.setItem(firstKey, language));
    // Whoever signs in waits for no message to be read.
    $effect(() => whenIdle(readAhead(language)));
  });

  return {
    get language() {
      return language;
    },
    get missing() {
      return missing;
    },
    choose: (to) => {
      chosen = to;
      watch();
    },
    meet: (next) => {
      const wasPassing = view !== null && isPassing(view);
      chosen = chosenAfter(chosen, view, next);
      view = next;
      // A view comes every few seconds, and is no touch.
      if (isPassing(next) !== wasPassing) watch();
    },
    dispose: () => {
      stopTelling();
      forget();
      for (const touch of touches) removeEventListener(touch, watch, true);
    },
  };
};
