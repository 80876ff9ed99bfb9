import { pageOrigin } from './page-origin.ts';

interface Preventable {
  preventDefault(): void;
}

/** What is used of any `WebContents`. */
export interface GuardedContents {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  on(
    event: 'will-frame-navigate' | 'will-redirect',
    listener: (details: Preventable & { readonly url: string }) => void,
  ): unknown;
  on(
    event: 'will-attach-webview' | 'select-bluetooth-device' | 'login',
    listener: (event: Preventable) => void,
  ): unknown;
}

/** Keeps whatever shows web content on the kiosk's own page: no other address, window, frame, webview or sign-in prompt. */
export const denyNavigation = (contents: GuardedContents): void => {
  const deny = (event: Preventable): void => event.preventDefault();
  const stay = (details: Preventable & { readonly url: string }): void => {
    if (!URL.canParse(details.url) || originOf(details.url) !== pageOrigin) details.preventDefault();
  };
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', deny);
  contents.on('select-bluetooth-device', deny);
  contents.on('login', deny);
};

/** Node's `URL` gives a scheme of its own no origin ("null"); the engine, for which it is standard, does. */
const originOf = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};
