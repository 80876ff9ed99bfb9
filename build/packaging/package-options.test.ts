import { expect, test } from 'vitest';
import { parsePackageOptions } from './package-options.ts';

const parse = (line: string) => parsePackageOptions(line.split(' ').filter(Boolean), '/project');

test('without a format, all of the platform', () => {
  expect(parse('--platform win32')).toEqual({
    platform: 'win32',
    names: ['nsis', 'msi'],
    output: '/project/dist/package',
    signing: null,
  });
});

test('every option is read', () => {
  expect(
    parse('--platform win32 --format msi --output /srv/out --sign /usr/bin/sign --signed-by /etc/chain.pem'),
  ).toEqual({
    platform: 'win32',
    names: ['msi'],
    output: '/srv/out',
    signing: { program: '/usr/bin/sign', chain: '/etc/chain.pem' },
  });
  expect(parse('--platform linux --format deb').names).toEqual(['deb']);
});

test.each([
  ['', 'For which system? --platform linux or --platform win32'],
  ['--platform beos', 'There is no platform beos: it is linux or win32'],
  ['--platform linux --format rpm', 'There is no format rpm for linux: deb'],
  ['--platform linux --format nsis', 'There is no format nsis for linux: deb'],
  ['--platform win32 --format nsis,deb', 'There is no format deb for win32: nsis, msi'],
  ['--platform linux --format dir', 'A folder without a package is made by npm run pack'],
  ['--platform win32 --sign x', '--sign and --signed-by go together: what signs, and by which certificates'],
  ['--platform linux --sign x --signed-by y', '--sign is for win32: nothing else is signed'],
])('“%s” is refused, and what is right is named', (line, problem) => {
  expect(() => parse(line)).toThrow(problem);
});
