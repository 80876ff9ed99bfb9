/** How the double of Electron is set up: what the machine is like on which the host starts. */
export interface DoubleOptions {
  /** Folder for the account's data, logs and downloads. */
  readonly profile: string;
  /** Whether this is an installed build. */
  readonly isPackaged: boolean;
  /** What `safeStorage` stands on; Electron's names on Linux. */
  readonly secretStore: 'gnome_libsecret' | 'basic_text';
  /** What the system says of proxies: "DIRECT" or "PROXY host:port". */
  readonly proxy: string;
  readonly machine: { readonly width: number; readonly height: number };
}

/** Everything that the host asked for and that leaves no trace in a state, in order: "app.enableSandbox" and the like. */
export interface Journal {
  note(what: string): void;
  readonly all: readonly string[];
}

export const createJournal = (): Journal => {
  const all: string[] = [];
  return { all, note: (what) => void all.push(what) };
};
