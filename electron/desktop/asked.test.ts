import { expect, test } from 'vitest';
import { askedFor } from './asked.ts';

const program = '/opt/Latchpoint/latchpoint';

test.each([
  ['', { what: 'kiosk' }],
  // What the engine takes for itself.
  ['--ozone-platform=wayland --no-first-run', { what: 'kiosk' }],
  ['check', { what: 'check' }],
  ['--ozone-platform=headless check', { what: 'check' }],
  ['support /tmp/a.txt', { what: 'support', file: '/tmp/a.txt' }],
  ['--version', { what: 'version' }],
  ['--help', { what: 'help' }],
  ['-h', { what: 'help' }],
  ['support --help', { what: 'help' }],
])('“latchpoint %s”', (line, asked) => {
  expect(askedFor([program, ...line.split(' ').filter(Boolean)], true)).toEqual(asked);
});

// Each would start a second kiosk, which shows nothing and says nothing.
test.each([
  ['chekc', 'There is no command "chekc".'],
  ['check now', 'There is no command "check now".'],
  ['support', 'Name the file that it is to be written to.'],
  ['support a b', 'There is no command "support a b".'],
])('“latchpoint %s” starts no kiosk, and says why', (line, problem) => {
  expect(askedFor([program, ...line.split(' ')], true)).toEqual({ what: 'nothing known', problem });
});

test('a developer’s Electron is given more, and the commands work there, too', () => {
  const electron = ['electron', '--inspect=0', '/src/dist/main/main.js'];
  expect(askedFor(electron, false)).toEqual({ what: 'kiosk' });
  expect(askedFor([...electron, 'check'], false)).toEqual({ what: 'check' });
  expect(askedFor([...electron, 'support', 'a.txt'], false)).toEqual({ what: 'support', file: 'a.txt' });
  expect(askedFor([...electron, 'support'], false)).toMatchObject({ what: 'nothing known' });
});
