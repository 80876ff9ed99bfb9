import type { Protocol, Session } from 'electron';
import { codeOf } from '#shared/errors/thrown.ts';
import type { AppDouble } from './app.ts';
import { Emitter, preventable } from './emitter.ts';
import type { SessionEvents } from './events.ts';

type Handlers =
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setBluetoothPairingHandler';
type Used = Handlers | 'setSpellCheckerEnabled' | 'fetch' | 'resolveProxy';

/** A session. Left alone it grants what a page asks for, spells, and asks the person where a download goes. */
export class SessionDouble extends Emitter<SessionEvents> implements Pick<Session, Used> {
  spellChecks = true;
  request:
    | ((contents: never, permission: never, callback: (granted: boolean) => void, details: never) => void)
    | null = null;
  check: ((...args: never[]) => boolean) | null = null;
  device: ((details: never) => boolean) | null = null;
  displayMedia: ((request: never, callback: (streams: unknown) => void) => void) | null = null;
  pairing: ((details: never, callback: (answer: { readonly confirmed: boolean }) => void) => void) | null =
    null;

  readonly proxy: string;

  constructor(proxy = 'DIRECT') {
    super(['will-download']);
    this.proxy = proxy;
  }

  resolveProxy(): Promise<string> {
    return Promise.resolve(this.proxy);
  }

  setPermissionRequestHandler(handler: Parameters<Session['setPermissionRequestHandler']>[0]): void {
    this.request = handler;
  }

  setPermissionCheckHandler(handler: Parameters<Session['setPermissionCheckHandler']>[0]): void {
    this.check = handler;
  }

  setDevicePermissionHandler(handler: Parameters<Session['setDevicePermissionHandler']>[0]): void {
    this.device = handler;
  }

  setDisplayMediaRequestHandler(handler: Parameters<Session['setDisplayMediaRequestHandler']>[0]): void {
    this.displayMedia = handler;
  }

  setBluetoothPairingHandler(handler: Parameters<Session['setBluetoothPairingHandler']>[0]): void {
    this.pairing = handler;
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecks = enabled;
  }

  /** Errors have the words of the engine's network stack. */
  async fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (init?.signal?.aborted === true) throw error;
      throw new Error(`net::${netError(error)}`, { cause: error });
    }
  }

  /** What becomes of a permission that a page asks for, looks up, a device, a screen and a pairing. */
  async asks(permission: string): Promise<Readonly<Record<string, unknown>>> {
    const answered = <Value>(ask: (callback: (value: Value) => void) => void): Promise<Value> =>
      new Promise(ask);
    return {
      requested: this.request
        ? await answered((callback) =>
            this.request?.(null as never, permission as never, callback, null as never),
          )
        : true,
      checked: this.check ? this.check() : true,
      device: this.device ? this.device({} as never) : false,
      screen: this.displayMedia
        ? await answered((callback) => this.displayMedia?.({} as never, callback))
        : null,
      pairing: this.pairing
        ? await answered((callback) => this.pairing?.({} as never, callback))
        : { confirmed: true },
    };
  }

  /** What becomes of a download: where it is saved, "asked" where a dialog opens, "cancelled". */
  download(url: string, name: string): string {
    const event = preventable({});
    const chosen: string[] = [];
    this.happen('will-download', event, {
      getURL: () => url,
      getFilename: () => name,
      setSavePath: (path) => void chosen.push(path),
    });
    return event.defaultPrevented ? 'cancelled' : (chosen[0] ?? 'asked');
  }
}

const netErrors: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED|bad port/, 'ERR_CONNECTION_REFUSED'],
  [/ENOTFOUND|EAI_/, 'ERR_NAME_NOT_RESOLVED'],
  [/CERT|SELF_SIGNED/, 'ERR_CERT_AUTHORITY_INVALID'],
  [/redirect/, 'ERR_UNSAFE_REDIRECT'],
];

/** The engine's name for what Node's `fetch` says. */
const netError = (error: unknown): string => {
  const cause: unknown = error instanceof Error ? error.cause : null;
  const told = cause instanceof Error ? `${cause.message} ${codeOf(cause)}` : '';
  return netErrors.find(([pattern]) => pattern.test(told))?.[1] ?? 'ERR_FAILED';
};

/** `session`: nothing of it can be had before the app is ready. */
export class SessionsDouble {
  readonly app: AppDouble;
  readonly ofDefault: SessionDouble;
  readonly partitions = new Map<string, SessionDouble>();

  constructor(app: AppDouble) {
    this.app = app;
    this.ofDefault = new SessionDouble(app.options.proxy);
  }

  get defaultSession(): SessionDouble {
    this.insistOnReady();
    return this.ofDefault;
  }

  fromPartition(name: string): SessionDouble {
    this.insistOnReady();
    const session = this.partitions.get(name) ?? new SessionDouble(this.app.options.proxy);
    this.partitions.set(name, session);
    return session;
  }

  insistOnReady(): void {
    if (!this.app.isReady) throw new Error('Session can only be received when app is ready');
  }
}

/** `protocol`: schemes get their privileges before the app is ready, and are served after it. */
export class ProtocolDouble implements Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'> {
  readonly app: AppDouble;
  readonly privileged = new Map<string, Electron.Privileges>();
  readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>();

  constructor(app: AppDouble) {
    this.app = app;
  }

  registerSchemesAsPrivileged(schemes: Parameters<Protocol['registerSchemesAsPrivileged']>[0]): void {
    if (this.app.isReady) {
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    }
    for (const { scheme, privileges } of schemes) this.privileged.set(scheme, { ...privileges });
    this.app.journal.note('protocol.registerSchemesAsPrivileged');
  }

  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void {
    if (!this.app.isReady) throw new Error('protocol.handle: the app is not ready');
    if (this.handlers.has(scheme)) throw new Error(`The scheme has been registered: ${scheme}`);
    this.handlers.set(scheme, handler);
  }

  /** The engine's side of a request to a scheme that the host serves; null where nobody serves it. */
  async answer(url: string, method = 'GET'): Promise<Response | null> {
    const handler = this.handlers.get(new URL(url).protocol.replace(':', ''));
    return handler ? handler(new Request(url, { method })) : null;
  }
}
