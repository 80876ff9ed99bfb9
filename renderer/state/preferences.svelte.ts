/** What a person sets for this screen: colours and sound. Kept in the page's own storage; the kiosk does not need them. */
export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];
export const volumes = ['off', 'quiet', 'loud'] as const;
export type Volume = (typeof volumes)[number];

export interface Preferences {
  theme: Theme;
  volume: Volume;
}

const read = <T extends string>(key: string, allowed: readonly T[], otherwise: T): T =>
  allowed.find((value) => value === localStorage.getItem(`latchpoint.${key}`)) ?? otherwise;

const show = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};

export const createPreferences = (): Preferences => {
  const saved = read('theme', themes, 'system');
  let theme = $state(saved);
  let volume = $state(read('volume', volumes, 'quiet'));
  show(saved);
  return {
    get theme() {
      return theme;
    },
    set theme(to) {
      theme = to;
      localStorage.setItem('latchpoint.theme', to);
      show(to);
    },
    get volume() {
      return volume;
    },
    set volume(to) {
      volume = to;
      localStorage.setItem('latchpoint.volume', to);
    },
  };
};
