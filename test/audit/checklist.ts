/** The 20 items of Electron's security checklist, each with the check that is run for it. */
import { callNames, streamNames } from '#shared/ipc/contract.ts';
import { holding, holds, pageOf, places, programsOf, type Finding, type Subject } from './subject.ts';
import {
  elsewhere,
  noNavigation,
  noPermission,
  noSender,
  policyOfPage,
  preferences,
  sameVersions,
} from './checks.ts';

export interface Item {
  readonly number: number;
  readonly title: string;
  readonly place: string;
  readonly check: (subject: Subject) => Promise<Finding>;
}

type Check = readonly [title: string, place: string, check: Item['check']];
const { double, built } = places;
const pkg = places.package;

const inOrder: readonly Check[] = [
  [
    'load secure content only',
    double,
    async ({ host }) => {
      const { window, privileges } = await host.act('state');
      const wrong = [
        ...(window?.url === 'app://kiosk/' ? [] : [`the page is ${window?.url ?? 'nowhere'}`]),
        ...(privileges?.secure === true && privileges.standard === true ? [] : ['the scheme is not secure']),
        ...(privileges?.bypassCSP === true ? ['the scheme passes over the policy'] : []),
      ];
      return holds(wrong, 'app://kiosk/, a standard and secure scheme');
    },
  ],
  [
    'no Node in the page',
    double,
    preferences({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    }),
  ],
  ['context isolation', double, preferences({ contextIsolation: true })],
  [
    'sandbox',
    double,
    async (subject) => {
      const { sandboxed } = await subject.host.act('state');
      if (!sandboxed) return { ok: false, seen: 'app.enableSandbox was not called' };
      return preferences({ sandbox: true })(subject);
    },
  ],
  ['permissions are handled', double, noPermission],
  ['web security is on', double, preferences({ webSecurity: true })],
  ['a Content Security Policy', double, policyOfPage],
  ['no insecure content', double, preferences({ allowRunningInsecureContent: false })],
  ['no experimental features', double, preferences({ experimentalFeatures: false })],
  [
    'no Blink features switched on',
    double,
    async (subject) => {
      const { preferences: given } = await subject.host.act('state');
      const switches = holding(programsOf(subject), /enable-blink-features|appendSwitch/);
      const wrong = Object.keys(given ?? {}).filter((name) => name === 'enableBlinkFeatures');
      return holds([...wrong, ...switches], 'no preference, no switch');
    },
  ],
  [
    'no webview that may open windows',
    built,
    async (subject) => {
      const inPage = holding(pageOf(subject), /<webview|allowpopups/i);
      const { ok, seen } = await preferences({ webviewTag: false })(subject);
      return holds(ok ? inPage : [...inPage, seen], 'no webview in the page, webviewTag false');
    },
  ],
  [
    'webviews are looked at before they are made',
    double,
    async ({ host }) =>
      holds((await host.act('attach', { what: 'will-attach-webview' })) ? ['one was made'] : [], 'refused'),
  ],
  ['navigation is limited', double, noNavigation],
  [
    'new windows are limited',
    double,
    async ({ host }) => {
      const opened: string[] = [];
      for (const url of ['app://kiosk/', ...elsewhere]) {
        const answer = await host.act('open', { url });
        if (answer !== 'deny') opened.push(`${url} opens`);
      }
      return holds(opened, `${elsewhere.length + 1} addresses refused`);
    },
  ],
  [
    'no shell.openExternal',
    built,
    (subject) =>
      Promise.resolve(holds(holding(programsOf(subject), /\bopen(?:External|Path)\b/), 'in no program')),
  ],
  ['a current Electron', pkg, sameVersions],
  ['the sender of each message is checked', double, noSender],
  [
    'no file://',
    double,
    async (subject) => {
      const served = await subject.host.act('get', { url: 'file:///etc/passwd' });
      const loads = holding(programsOf(subject), /\.loadFile\(|file:\/\/\/?|pathToFileURL\([^)]*index\.html/);
      return holds(served === null ? loads : [...loads, 'file:// is served'], 'nothing is loaded from it');
    },
  ],
  [
    'fuses are decided',
    pkg,
    async ({ executable }) => {
      const { undecided } = await import('./fuses.ts');
      const left = await undecided(executable);
      return holds(left, 'all nine, below');
    },
  ],
  [
    'no Electron API in the page',
    double,
    async (subject) => {
      const { exposed, calls, streams } = await subject.host.act('apiOfPage');
      const wrong = [
        ...exposed.filter((name) => name !== 'latchpoint').map((name) => `window.${name}`),
        ...calls.filter((name) => !callNames.some((known) => known === name)),
        ...streams.filter((name) => !streamNames.some((known) => known === name)),
        ...(calls.length === 0 ? ['the page has nothing at all'] : []),
      ];
      return holds(wrong, `${calls.length} calls and ${streams.length} streams, by name, on one object`);
    },
  ],
];

export const checklist: readonly Item[] = inOrder.map(([title, place, check], index) => ({
  number: index + 1,
  title,
  place,
  check,
}));
