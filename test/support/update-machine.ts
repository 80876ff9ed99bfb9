/**
 * A machine on which `latchpoint-update.sh` runs: a folder in place of its root, dpkg's database played by programs of a few lines, and the
 * real openssl, dpkg-deb, tar and sha256sum. It can lose its power at any step that changes something.
 */
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '#kiosk/updates/manifest.ts';
import { runTool } from '../../build/packaging/tools.ts';
import { channelKeys, manifestOf, signManifest } from './update-channel.ts';

const script = fileURLToPath(new URL('../../build/packaging/linux/latchpoint-update.sh', import.meta.url));

/** Where power can go: before each of these, and in the middle of an installation. `kill -9 0` ends the script and all of its. */
const step = `n=0; [ ! -e "$ROOT/steps" ] || read -r n < "$ROOT/steps"; n=$((n + 1)); echo $n > "$ROOT/steps"; [ "$n" != "\${POWER_GOES_AT-}" ] || kill -9 0`;
const programs: Readonly<Record<string, string>> = {
  mv: `${step}; exec /bin/mv "$@"`,
  sync: 'exit 0',
  sleep: 'exit 0',
  systemctl: 'echo "$*" >> "$ROOT/systemctl"',
  // What it holds open is noted first: 10 is the shell's own.
  runuser: `
    for at in 0 1 2 3 4 5 6 7 8 9; do
      held=$(readlink /proc/$$/fd/$at) && echo "$held" >> "$ROOT/held"
    done
    shift 3; exec "$@"`,
  dpkg: `
    if [ "$1" = --compare-versions ]; then exec /usr/bin/dpkg "$@"; fi
    ${step}
    locked=0; [ ! -e "$ROOT/locked" ] || read -r locked < "$ROOT/locked"
    if [ "$locked" -gt 0 ]; then echo $((locked - 1)) > "$ROOT/locked"; exit 2; fi
    new=$(dpkg-deb -f "$2" Version); old=$(cat "$ROOT/db/version")
    if /usr/bin/dpkg --compare-versions "$old" gt "$new" && [ "\${LATCHPOINT_GOES_BACK_FROM-}" != "$old" ]; then exit 1; fi
    [ ! -e "$ROOT/refuses-$new" ] || exit 1
    echo half-installed > "$ROOT/db/status"
    ${step}
    dpkg-deb -x "$2" "$ROOT"; echo "$new" > "$ROOT/db/version"
    [ ! -e "$ROOT/fails-$new" ] || exit 1
    ${step}
    echo installed > "$ROOT/db/status"`,
  'dpkg-query': `
    case "$*" in
      *Status-Status*) echo "$(cat "$ROOT/db/version") $(cat "$ROOT/db/status")" ;;
      '-W -f \${Version} latchpoint') cat "$ROOT/db/version" | tr -d '\\n' ;;
      '-L latchpoint') printf '/.\\n/opt\\n/opt/Latchpoint\\n/opt/Latchpoint/program\\n/opt/Latchpoint/left-out\\n/opt/Latchpoint/linux\\n/opt/Latchpoint/linux/data-version\\n' ;;
      '-s latchpoint') printf 'Package: latchpoint\\nStatus: install ok installed\\nVersion: %s\\nArchitecture: amd64\\nMaintainer: m\\nDescription: d\\n' "$(cat "$ROOT/db/version")" ;;
      *) exit 1 ;;
    esac`,
};

export type UpdateMachine = ReturnType<typeof updateMachine>;

/** `keys`: the channel's. */
export const updateMachine = (root: string, keys = channelKeys()) => {
  const { publicKey, privateKey } = keys;
  const bin = join(root, 'bin');
  const at = (path: string): string => join(root, path);
  const theirs = (name: string): string => at(`var/lib/latchpoint/updates/${name}`);
  const put = (path: string, content: string | Uint8Array, mode = 0o644): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, mode);
  };
  for (const [name, body] of Object.entries(programs)) put(join(bin, name), `#!/bin/sh\n${body}\n`, 0o755);
  put(at('etc/latchpoint/update-key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  mkdirSync(at('var/lib/latchpoint/updates'), { recursive: true });
  const booted = at('run/latchpoint-update');
  put(booted, '');

  /** A package of that version, as `make-deb.ts` lays it out. */
  const packageOf = (version: string, dataVersion = 4, name = 'latchpoint', preinst = ''): Buffer => {
    const tree = at(`made-${version}`);
    put(join(tree, 'opt/Latchpoint/program'), `version ${version}\n`);
    put(join(tree, 'opt/Latchpoint/linux/data-version'), `${dataVersion}\n`);
    const control = `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: m\nDescription: d\n`;
    put(join(tree, 'DEBIAN/control'), control);
    const md5 = createHash('md5').update(`version ${version}\n`).digest('hex');
    put(join(tree, 'DEBIAN/md5sums'), `${md5}  opt/Latchpoint/program\n`);
    if (preinst !== '') put(join(tree, 'DEBIAN/preinst'), preinst, 0o755);
    const file = `${tree}.deb`;
    runTool('dpkg-deb', ['-Znone', '--root-owner-group', '--build', tree, file]);
    const bytes = readFileSync(file);
    rmSync(tree, { recursive: true });
    rmSync(file);
    return bytes;
  };

  const environment = { ...process.env, ROOT: root, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const run = async (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    rmSync(at('steps'), { force: true });
    const child = spawn('sh', [script, ...args, root], { detached: true, env: { ...environment, ...env } });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    await once(child, 'close');
    return said;
  };
  const text = (path: string): string => (existsSync(at(path)) ? readFileSync(at(path), 'utf8').trim() : '');

  return {
    /** The same machine once more. */
    copyTo: (other: string): void => cpSync(root, other, { recursive: true }),
    keys,
    packageOf,
    put: (path: string, content: string | Uint8Array, mode?: number) => put(at(path), content, mode),
    text,
    /** As the package of that version has left it. */
    has: (version: string, dataVersion = 4): void => {
      put(at('db/version'), `${version}\n`);
      put(at('db/status'), 'installed\n');
      put(at('opt/Latchpoint/program'), `version ${version}\n`);
      put(at('opt/Latchpoint/linux/data-version'), `${dataVersion}\n`);
    },
    /** What the kiosk hands over. */
    handOver: (deb: Buffer, rest: Partial<Manifest> = {}, key = privateKey): Manifest => {
      const sha256 = createHash('sha256').update(deb).digest('hex');
      const manifest = manifestOf({
        ...{ issuedAt: Date.now() - 60_000, expiresAt: Date.now() + 3_600_000 },
        packages: new Map([['linux-x64', { file: 'a.deb', bytes: deb.length, sha256 }]]),
        ...rest,
      });
      put(theirs('package'), deb);
      put(theirs('manifest'), signManifest(manifest, key));
      put(theirs('request'), `${manifest.version}\n`);
      return manifest;
    },
    /** The machine starts: what was in its memory is gone. */
    boots: (): void => rmSync(booted),
    isAsked: (): boolean => existsSync(theirs('request')),
    startedWell: (version: string): void => put(theirs('started-well'), `${version}\n`),
    act: (env?: Readonly<Record<string, string>>): Promise<string> => run(['act'], env),
    ended: (status: string): Promise<string> => run(['ended'], { EXIT_STATUS: status }),
    /** How many steps the last run took. */
    steps: (): number => Number(text('steps')),
    result: (): string => text('var/lib/latchpoint-update/result').replace(/ \S+Z \S+Z/, ''),
    state: (): string => text('var/lib/latchpoint-update/state'),
    now: (): string => `${text('db/version')} ${text('db/status')}, ${text('opt/Latchpoint/program')}`,
  };
};
