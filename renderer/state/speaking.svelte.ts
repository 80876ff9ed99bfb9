/** The language that the page speaks now and by whose clock, and what whoever stands there has chosen. */
import type { Language } from '#shared/models/language.ts';
import { sayTimesIn } from '../i18n/time-words.ts';
import { direction, readAhead, speak } from '../i18n/translate.ts';
import { after } from './after.ts';
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
  readonly language: Language;
  choose(language: Language): void;
  /** Takes in a view of the kiosk. */
  meet(view: Speaker): void;
  dispose(): void;
}

export const createSpeaking = (): Speaking => {
  const computers = computersLanguage(navigator.languages);
  let chosen = $state<Language | null>(null);
  let view = $state.raw<Speaker | null>(null);
  let forget = (): void => undefined;
  const language = $derived(spokenLanguage(chosen, view, computers));

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
    // Whoever signs in waits for no message to be read.
    $effect(() => whenIdle(readAhead(language)));
  });

  return {
    get language() {
      return language;
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
