/** Checks of the list that need more than a line. */
import { callChannel } from '../../electron/desktop/channels.ts';
import { holds, type Finding, type Subject } from './subject.ts';

type Check = (subject: Subject) => Promise<Finding>;

/** Addresses that no page of the kiosk may get to. */
export const elsewhere = [
  'https://evil.example/',
  'app://other/',
  'app://kiosk.evil.example/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'about:blank',
] as const;

/** The page's window was made with exactly these. What is not stated is as good as wrong: a default can change. */
export const preferences =
  (wanted: Readonly<Record<string, boolean>>): Check =>
  async ({ host }) => {
    const given = new Map<string, unknown>(Object.entries((await host.act('state')).preferences ?? {}));
    const wrong = Object.entries(wanted)
      .filter(([name, value]) => given.get(name) !== value)
      .map(([name]) => `${name} is ${String(given.get(name))}`);
    const words = Object.entries(wanted).map(([name, value]) => `${name} ${value}`);
    return holds(wrong, words.join(', '));
  };

/** How a page can ask for more than it was given; `false`, nothing, or a pairing that is not confirmed is a refusal. */
const ways = {
  requested: 'asked for',
  checked: 'looked up',
  device: 'a device',
  screen: 'a screen',
  pairing: 'a pairing',
} as const;
const isDenied = (answer: unknown): boolean =>
  answer === false || answer === null || JSON.stringify(answer) === '{"confirmed":false}';

export const noPermission: Check = async ({ host }) => {
  const asked = ['media', 'bluetooth', 'hid', 'usb', 'clipboard-read', 'fullscreen', 'not known yet'];
  const granted: string[] = [];
  for (const partition of [undefined, 'core']) {
    for (const permission of asked) {
      const answers = await host.act(
        'ask',
        partition === undefined ? { permission } : { permission, partition },
      );
      const given = Object.entries(ways).filter(([name]) => !isDenied(answers[name]));
      if (given.length > 0) {
        const where = `${permission} in the session ${partition ?? 'of the page'}`;
        granted.push(`${where}: ${given.map(([, word]) => word).join(', ')}`);
      }
    }
  }
  return holds(granted, `${asked.length} permissions, devices, screens and pairing denied in both sessions`);
};

const directives = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
];

export const policyOfPage: Check = async ({ host }) => {
  const wrong: string[] = [];
  for (const url of ['app://kiosk/', 'app://kiosk/no-such-file']) {
    const answer = await host.act('get', { url });
    const parts = (answer?.headers['content-security-policy'] ?? '').split('; ');
    wrong.push(...directives.filter((each) => !parts.includes(each)).map((each) => `${url} lacks ${each}`));
    if (/unsafe-|https?:|\*/.test(parts.join(' '))) wrong.push(`${url} allows more than itself`);
  }
  return holds(wrong, `${directives.length} directives on the page and on what is not found`);
};

export const noNavigation: Check = async ({ host }) => {
  const went: string[] = [];
  for (const how of ['will-frame-navigate', 'will-redirect'] as const) {
    for (const url of elsewhere) if (await host.act('goTo', { how, url })) went.push(`${how} to ${url}`);
    if (!(await host.act('goTo', { how, url: 'app://kiosk/' }))) went.push(`${how} not even to itself`);
  }
  return holds(went, `${elsewhere.length} addresses refused, by link and by redirect`);
};

export const noSender: Check = async ({ host }) => {
  const own = { origin: 'app://kiosk', parent: null };
  const senders = {
    'another origin': { frame: { origin: 'https://evil.example', parent: null } },
    'another host of the scheme': { frame: { origin: 'app://other', parent: null } },
    'an opaque origin': { frame: { origin: 'null', parent: null } },
    'a frame inside the page': { frame: { origin: 'app://kiosk', parent: own } },
    'a frame that has gone': { frame: null },
    'another window': { frame: own, elsewhere: true },
  };
  const heard: string[] = [];
  const send = async (from: { readonly frame: typeof own | null; readonly elsewhere?: boolean }) =>
    JSON.stringify(await host.act('send', { channel: callChannel('touch'), input: null, ...from }));
  for (const [name, from] of Object.entries(senders)) {
    if (!(await send(from as { frame: typeof own | null })).includes('"ipc.forbidden"'))
      heard.push(`${name} is heard`);
  }
  if (!(await send({ frame: own })).includes('"ok":true')) heard.push('the page itself is not heard');
  return holds(heard, `${Object.keys(senders).length} senders refused, the page heard`);
};

export const sameVersions: Check = ({ versions }) => {
  const { installed, ...others } = versions;
  const wrong = Object.entries(others)
    .filter(([, version]) => version !== installed)
    .map(([where, version]) => `${where} says ${version}, installed is ${installed}`);
  return Promise.resolve(
    holds(wrong, `${installed}, exact, the same in ${Object.keys(versions).length} places`),
  );
};
