/** The programs of Debian's with which packages are made and opened again, and under which the kiosk is shown. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** By program: the package of Debian's that brings it. */
const packages = {
  'dpkg-deb': 'dpkg',
  cage: 'cage',
  Xwayland: 'xwayland',
  makensis: 'nsis',
  '7z': 'p7zip-full',
  unzip: 'unzip',
  Xvfb: 'xvfb',
  wixl: 'wixl',
  msiinfo: 'msitools',
  msiextract: 'msitools',
  osslsigncode: 'osslsigncode',
} as const;
export type Tool = keyof typeof packages;

/** Runs a tool and answers what it printed. Throws with all that it said where it fails. */
export const runTool = (
  tool: Tool,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): string => {
  const env = { ...process.env, ...options.env };
  const done = spawnSync(tool, [...args], { cwd: options.cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0)
    throw new Error(`${tool} failed: ${done.error?.message ?? ''}${done.stderr}${done.stdout}`);
  return done.stdout;
};

/** Runs a tool that tells by its code and its words, and answers both. */
export const outputOf = (tool: Tool, args: readonly string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync(tool, [...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, text: stdout + stderr };
};

const isThere = (tool: Tool): boolean => {
  const found = spawnSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
  return found.status === 0;
};

/** One at a time: two that install at once are in each other's way. `$0`: the packages. */
const install =
  'exec 9> "${TMPDIR:-/tmp}/latchpoint-apt.lock"; flock 9; ' +
  'get() { apt-get install -y -qq --no-install-recommends $0; }; get || { apt-get update -qq && get; }';

/**
 * Sees to it that these are there: root installs what is missing from Debian. Answers the names of the packages that could not be had.
 */
export const haveTools = async (
  tools: readonly Tool[],
  tell: (line: string) => void,
): Promise<readonly string[]> => {
  const missing = (): string[] => [
    ...new Set(tools.filter((tool) => !isThere(tool)).map((tool) => packages[tool])),
  ];
  const names = missing();
  if (names.length === 0 || process.getuid?.() !== 0) return names;
  tell(`installing ${names.join(', ')} …`);
  const child = spawn('sh', ['-c', install, names.join(' ')], { stdio: 'ignore' });
  await once(child, 'exit');
  return missing();
};
