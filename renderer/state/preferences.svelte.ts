/**
 * Colours, sound and size of the text. What somebody who is signed in chooses is theirs at this kiosk; what is set while nobody can be
 * signed in yet is the screen's own, and everybody's who has chosen nothing. Kept in the page's own storage; the kiosk does not need it.
 */
import { z } from 'zod';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];
export const volumes = ['off', 'quiet', 'loud'] as const;
export type Volume = (typeof volumes)[number];
/** In percent. */
export const textSizes = ['100', '125', '150', '200'] as const;
export type TextSize = (typeof textSizes)[number];

export interface Choices {
  readonly theme: Theme;
  readonly volume: Volume;
  readonly textSize: TextSize;
}

export interface Preferences extends Choices {
  /** For whoever is here. */
  choose(choice: Partial<Choices>): void;
  /** Who is signed in; null while nobody is. */
  meet(staffId: string | null): void;
}

/** More people than one store has; whoever chose first makes room. */
const mostPeople = 200;

const usual: Choices = { theme: 'system', volume: 'quiet', textSize: '100' };
const choicesSchema = z.object({
  theme: z.enum(themes).optional().catch(undefined),
  volume: z.enum(volumes).optional().catch(undefined),
  textSize: z.enum(textSizes).optional().catch(undefined),
});
type Chosen = z.infer<typeof choicesSchema>;
const peopleSchema = z.array(z.tuple([z.string(), choicesSchema]));

const keyOf = (name: keyof Choices | 'people'): string => `latchpoint.${name}`;

const readPeople = (): Map<string, Chosen> => {
  try {
    return new Map(peopleSchema.parse(JSON.parse(localStorage.getItem(keyOf('people')) ?? '[]')));
  } catch {
    return new Map();
  }
};
const readScreens = (): Chosen =>
  choicesSchema.parse(
    Object.fromEntries(
      (['theme', 'volume', 'textSize'] as const).map((name) => [
        name,
        localStorage.getItem(keyOf(name)) ?? undefined,
      ]),
    ),
  );
const over = (below: Choices, { theme, volume, textSize }: Chosen): Choices => ({
  theme: theme ?? below.theme,
  volume: volume ?? below.volume,
  textSize: textSize ?? below.textSize,
});

const show = ({ theme, textSize }: Choices): void => {
  const { dataset, style } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  style.fontSize = textSize === '100' ? '' : `${textSize}%`;
};

export const createPreferences = (): Preferences => {
  const people = readPeople();
  let person: string | null = null;
  let screens = over(usual, readScreens());
  let now = $state.raw(screens);
  const renew = (): void => {
    now = over(screens, people.get(person ?? '') ?? {});
    show(now);
  };
  renew();
  return {
    get theme() {
      return now.theme;
    },
    get volume() {
      return now.volume;
    },
    get textSize() {
      return now.textSize;
    },
    choose: (choice) => {
      if (person === null) {
        screens = over(screens, choice);
        for (const [name, value] of Object.entries(choice)) localStorage.setItem(`latchpoint.${name}`, value);
      } else {
        const chosen = { ...people.get(person), ...choice };
        people.delete(person);
        people.set(person, chosen);
        localStorage.setItem(keyOf('people'), JSON.stringify([...people].slice(-mostPeople)));
      }
      renew();
    },
    meet: (staffId) => {
      if (staffId === person) return;
      person = staffId;
      renew();
    },
  };
};
