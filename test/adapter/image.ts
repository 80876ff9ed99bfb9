/** The small system as the kernel takes it: one archive, unpacked into memory. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleInto } from './bundles.ts';
import { modulesIn } from './modules.ts';

const merged = ['bin', 'sbin', 'lib', 'lib64'];
const empty = ['proc', 'sys', 'dev', 'run', 'tmp', 'var', 'root', 'modules', 'app'];
/** Weighs a lot, and nothing here reads it. */
const leftOut = ['share/doc', 'share/man', 'share/locale', 'lib/modules', 'lib/x86_64-linux-gnu/gconv'];
const accounts = {
  passwd:
    'root:x:0:0::/root:/bin/sh\nmessagebus:x:101:101::/:/bin/false\nlatchpoint:x:1000:1000::/:/bin/false\n',
  group: 'root:x:0:\nmessagebus:x:101:\nbluetooth:x:102:\nlatchpoint:x:1000:\n',
};

/** Writes the archive to `file`, by way of `work`, a folder of its own. `tree`: Debian's packages, unpacked. */
export const makeImage = async (tree: string, work: string, file: string): Promise<void> => {
  const root = join(work, 'root');
  for (const name of empty) mkdirSync(join(root, name), { recursive: true });
  cpSync(join(tree, 'usr'), join(root, 'usr'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(tree, 'etc'), join(root, 'etc'), { recursive: true, verbatimSymlinks: true });
  for (const name of merged) {
    const own = join(tree, name);
    const place = join(root, 'usr', name);
    mkdirSync(place, { recursive: true });
    const isModules = (path: string): boolean => path.startsWith(join(own, 'modules'));
    if (existsSync(own)) {
      cpSync(own, place, { recursive: true, verbatimSymlinks: true, filter: (path) => !isModules(path) });
    }
    symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const name of leftOut) rmSync(join(root, 'usr', name), { recursive: true, force: true });
  for (const [name, text] of Object.entries(accounts)) writeFileSync(join(root, 'etc', name), text);
  for (const [index, { name, bytes }] of modulesIn(tree).entries()) {
    writeFileSync(join(root, 'modules', `${index.toString().padStart(2, '0')}-${name}.ko`), bytes);
  }
  copyFileSync(process.execPath, join(root, 'usr/bin/node'));
  copyFileSync(fileURLToPath(new URL('./init.sh', import.meta.url)), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  await bundleInto(join(root, 'app'));
  const archive = 'find . | "$0" cpio -o -H newc > "$1"';
  const busybox = join(root, 'usr/bin/busybox');
  const { status } = spawnSync('sh', ['-c', archive, busybox, file], { cwd: root, stdio: 'ignore' });
  if (status !== 0) throw new Error('the archive could not be made');
};
