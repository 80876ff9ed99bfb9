/** What has to be in every package, and what must not, seen in the folder that it installs. */
import { extractAll, getRawHeader, listPackage } from '@electron/asar';
import { getCurrentFuseWire } from '@electron/fuses';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fuses } from '../fuses.ts';
import { filesIn } from '../installed-files.ts';
import { insistOnNativeFile } from '../native-files.ts';
import type { PackPlatform } from '../pack-app.ts';
import { archiveIntegrity } from '../program-resources.ts';

const unwanted = /\.(ts|svelte|map|pem|key|env|yml)$|(^|\/)(test|tests|simulators|fixtures)\//;
const secret = /-----BEGIN (EC |RSA )?PRIVATE KEY-----[\r\n]+[A-Za-z0-9+/=]{16}/;
const ofTests = /simulated-store|vitest|fast-check/;
const needed = [
  'dist/main/main.js',
  'dist/main/radio-process.js',
  'dist/preload/preload.cjs',
  'dist/renderer/index.html',
];

const programs = { linux: 'latchpoint', win32: 'Latchpoint.exe' } as const;

const textsIn = (dir: string): readonly string[] =>
  filesIn(dir).flatMap(({ path }) => {
    if (unwanted.test(path)) return [`${path} has no place in a package`];
    const text = readFileSync(join(dir, path), 'latin1');
    return [
      ...(secret.test(text) ? [`${path} holds a private key`] : []),
      ...(/\.(js|cjs|html)$/.test(path) && ofTests.test(text) ? [`${path} holds code of tests`] : []),
      ...(/sourceMappingURL=(?!data:)\S+\.map/.test(text) && path.startsWith('dist/')
        ? [`${path} names a source map`]
        : []),
    ];
  });

/** What lies beside Electron: the bundles, the page, noble and the bill of materials, some 3 MiB in 0.3. */
const mostOwnMebibytes = 6;
const sizeProblems = (dir: string): readonly string[] => {
  const bytes = filesIn(join(dir, 'resources')).reduce((sum, file) => sum + file.bytes, 0);
  const mebibytes = bytes / 1_048_576;
  return mebibytes > mostOwnMebibytes
    ? [`beside Electron it has ${mebibytes.toFixed(1)} MiB, and may have ${mostOwnMebibytes}`]
    : [];
};

/** `dir`: the installed folder; `work`: a folder that is thrown away. Answers what is wrong. */
export const contentsProblems = async (
  dir: string,
  platform: PackPlatform,
  work: string,
): Promise<readonly string[]> => {
  const problems: string[] = [];
  const archive = join(dir, 'resources/app.asar');
  if (!existsSync(archive)) return ['there is no app.asar'];
  const names = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').slice(1));
  problems.push(...needed.filter((name) => !names.includes(name)).map((name) => `${name} is missing`));
  const app = join(work, 'app');
  extractAll(archive, app);
  problems.push(...textsIn(app));
  problems.push(
    ...filesIn(dir).flatMap(({ path }) => (unwanted.test(path) ? [`${path} has no place in a package`] : [])),
  );
  try {
    insistOnNativeFile(dir, `${platform}-x64`);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  problems.push(...sizeProblems(dir));
  const sbom = join(dir, 'resources/sbom.cdx.json');
  const listed = existsSync(sbom)
    ? (JSON.parse(readFileSync(sbom, 'utf8')) as { components: unknown[] }).components
    : [];
  if (listed.length === 0) problems.push('there is no bill of materials');
  const program = join(dir, programs[platform]);
  const wire = await getCurrentFuseWire(program);
  for (const [name, wanted] of Object.entries(fuses)) {
    if (!/^\d+$/.test(name)) continue;
    const state = Reflect.get(wire, name) as number;
    if (String.fromCharCode(state) !== (wanted === true ? '1' : '0'))
      problems.push(`fuse ${name} is not as decided`);
  }
  if (platform === 'win32') {
    const hash = createHash('sha256').update(getRawHeader(archive).headerString).digest('hex');
    if (!archiveIntegrity(readFileSync(program)).includes(hash))
      problems.push('the program does not hold the hash of app.asar');
  }
  return problems;
};
