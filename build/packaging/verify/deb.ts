/** A Debian package, opened again with dpkg's own tools. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealedFormat } from '#kiosk/data/storage/sealed-file.ts';
import { runTool } from '../tools.ts';
import { contentsProblems } from './contents.ts';

const scripts = ['preinst', 'postinst', 'prerm', 'postrm'];
const unit = 'usr/lib/systemd/system/latchpoint.service';

/** `-rwsr-xr-x root/root …`: what dpkg lists. */
const listed = /^(?<mode>\S{10}) (?<owner>\S+)\s+\d+ \S+ \S+ \.\/(?<path>.*?)(?: -> .*)?$/;

const modeProblems = (list: string): readonly string[] =>
  list
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { mode = '', owner = '', path = '' } = listed.exec(line)?.groups ?? {};
      const problems = owner === 'root/root' ? [] : [`${path} belongs to ${owner}`];
      if (mode.startsWith('l')) return problems;
      if (mode.slice(5, 6) === 'w' || mode.slice(8, 9) === 'w')
        problems.push(`${path} may be written by others`);
      if (/s/.test(mode) && !path.endsWith('/chrome-sandbox'))
        problems.push(`${path} runs with another's rights`);
      return problems;
    });

/** Answers what is wrong with the package. `work`: a folder that is thrown away. */
export const debProblems = async (
  file: string,
  version: string,
  work: string,
): Promise<readonly string[]> => {
  const tree = join(work, 'tree');
  const control = join(work, 'control');
  for (const folder of [tree, control]) mkdirSync(folder, { recursive: true });
  runTool('dpkg-deb', ['--extract', file, tree]);
  runTool('dpkg-deb', ['--control', file, control]);
  const field = (name: string): string => runTool('dpkg-deb', ['--field', file, name]).trim();
  const problems = [...modeProblems(runTool('dpkg-deb', ['--contents', file]))];
  const expected = { Package: 'latchpoint', Version: version, Architecture: 'amd64' };
  for (const [name, value] of Object.entries(expected)) {
    if (field(name) !== value) problems.push(`${name} is ${field(name)}`);
  }
  for (const name of [
    'cage',
    'xwayland',
    'libpam-systemd',
    'polkitd',
    'adduser',
    'libnss3',
    'libsecret-1-0',
    'openssl',
  ]) {
    if (!field('Depends').split(', ').includes(name)) problems.push(`it does not ask for ${name}`);
  }
  for (const script of scripts) {
    const { status, stderr } = spawnSync('sh', ['-n', join(control, script)], { encoding: 'utf8' });
    if (status !== 0) problems.push(`${script}: ${stderr}`);
    if (readFileSync(join(control, script), 'utf8').includes('@VERSION@'))
      problems.push(`${script} has no version`);
  }
  if (!/^ExecStart=.*\/opt\/Latchpoint\//m.test(readFileSync(join(tree, unit), 'utf8')))
    problems.push('the unit starts something else');
  for (const name of ['latchpoint-update.path', 'latchpoint-update.service']) {
    const enabled = join(tree, 'usr/lib/systemd/system/multi-user.target.wants', name);
    if (!existsSync(enabled)) problems.push(`${name} does not begin with the system`);
  }
  const format = readFileSync(join(tree, 'opt/Latchpoint/linux/data-version'), 'utf8');
  if (format !== `${sealedFormat}\n`) problems.push('it does not say in which format it leaves the data');
  const sums = spawnSync('md5sum', ['--check', '--quiet', join(control, 'md5sums')], {
    cwd: tree,
    encoding: 'utf8',
  });
  if (sums.status !== 0) problems.push(`md5sums: ${sums.stdout}`);
  return [
    ...problems,
    ...(await contentsProblems(join(tree, 'opt/Latchpoint'), 'linux', join(work, 'asar'))),
  ];
};
