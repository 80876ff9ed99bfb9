/** How a passphrase is sealed, with programs that do as systemd's do: the real ones want root, and a systemd that runs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';

const script = fileURLToPath(new URL('../../build/packaging/linux/seal-passphrase.sh', import.meta.url));
const keys = { host: '5a1c6a86df9d4096b1d5a65e0862f19a', none: '058469daf6f54324800549da0f8ea2fb' };
const passphrase = 'correct horse battery staple';

/** Seals by writing a key's name before what it is given, in base 64, and opens what it has sealed. */
const systemdCreds = `#!/bin/sh
case $1 in
  has-tpm2) echo "$TPM"; [ "$TPM" = yes ] ;;
  encrypt)
    echo "$3" >> "$NOTES"
    [ "$TPM" = broken ] && { echo 'the disk is full' >&2; exit 1; }
    { printf "$ID" | xxd -r -p; cat "$4"; } | base64 > "$5" ;;
  decrypt) base64 -d "$3" | tail -c +17 > "$4" ;;
esac
`;
const programs = {
  'systemd-creds': systemdCreds,
  systemctl: '#!/bin/sh\necho "systemctl $*" >> "$NOTES"\n',
  id: '#!/bin/sh\necho 0\n',
  // Not everywhere: hexadecimal digits to bytes.
  xxd: "#!/bin/sh\nexec node -e \"process.stdout.write(Buffer.from(require('fs').readFileSync(0, 'latin1'), 'hex'))\"\n",
};

const it = folderTest
  .extend('etc', ({ folder }) => join(folder, 'etc'))
  .extend('seal', ({ folder, etc }) => {
    for (const name of ['bin', 'etc', 'run']) mkdirSync(join(folder, name));
    for (const [name, text] of Object.entries(programs))
      writeFileSync(join(folder, 'bin', name), text, { mode: 0o755 });
    return (args: readonly string[], { tpm = 'yes', id = keys.host } = {}) => {
      const env = {
        PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        LATCHPOINT_ETC: etc,
        LATCHPOINT_RUN: join(folder, 'run'),
        NOTES: join(folder, 'notes'),
        TPM: tpm,
        ID: id,
      };
      const { status, stdout, stderr } = spawnSync('sh', [script, ...args], { env, encoding: 'utf8' });
      return { status, stdout, stderr };
    };
  })
  .extend('notes', ({ folder }) => (): string => {
    const path = join(folder, 'notes');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  })
  .extend('sealed', ({ etc }) => join(etc, 'latchpoint/passphrase.cred'))
  .extend(
    'opened',
    ({ sealed }) =>
      (): string =>
        Buffer.from(readFileSync(sealed, 'utf8'), 'base64').subarray(16).toString(),
  );

describe('a passphrase', () => {
  it('is drawn, sealed with the TPM and a key of this computer, and handed over by the unit', ({
    folder,
    etc,
    seal,
    notes,
    sealed,
    opened,
  }) => {
    const { status, stdout } = seal([]);
    expect({ status, notes: notes() }).toEqual({
      status: 0,
      notes: '--with-key=host+tpm2\nsystemctl daemon-reload\n',
    });
    expect(Buffer.from(opened(), 'base64').length).toBe(32);
    expect(stdout).not.toContain(opened());
    expect(statSync(sealed).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(etc, 'systemd/system/latchpoint.service.d/passphrase.conf'), 'utf8')).toContain(
      `LoadCredentialEncrypted=passphrase:${sealed}\n`,
    );
    expect(readdirSync(join(folder, 'run'))).toEqual([]);
    expect(seal(['--check']).status).toBe(0);
  });

  it('that a kiosk has already is sealed as it is', ({ folder, seal, opened }) => {
    const file = join(folder, 'passphrase');
    writeFileSync(file, `${passphrase}\n`);
    expect(seal([file]).stdout).toContain(`and remove ${file} once the kiosk has started with it`);
    expect(opened()).toBe(`${passphrase}\n`);
  });

  it.for(['no', 'partial'])(
    'is not sealed with a key of the disk alone, unless asked to (TPM: %s)',
    (tpm, { seal, notes, sealed }) => {
      const refused = seal([], { tpm });
      expect(refused.status).toBe(1);
      expect(refused.stderr).toContain('whoever takes the disk has it');
      expect(existsSync(sealed)).toBe(false);
      expect(seal(['--without-tpm'], { tpm }).status).toBe(0);
      expect(notes()).toBe('--with-key=host\nsystemctl daemon-reload\n');
    },
  );

  it('is never sealed a second time: the kiosk\u2019s keys open with the first', ({ seal, sealed }) => {
    expect(seal([]).status).toBe(0);
    const before = readFileSync(sealed, 'utf8');
    expect(seal([])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is there already') as string,
    });
    expect(readFileSync(sealed, 'utf8')).toBe(before);
  });

  it.for<readonly [string, string, { tpm?: string; id?: string }, string]>([
    ['is too short', 'only 15 letters\n', {}, 'holds fewer than 16 characters'],
    ['systemd seals with no key', passphrase, { id: keys.none }, 'has sealed with no key'],
    ['systemd cannot seal', passphrase, { tpm: 'broken' }, 'the disk is full'],
  ])('leaves nothing behind where it %s', ([_, text, how, words], { folder, etc, seal }) => {
    const file = join(folder, 'passphrase');
    writeFileSync(file, text);
    const { status, stderr } = seal(['--without-tpm', file], how);
    expect(status).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(text.trim());
    expect(readdirSync(etc)).toEqual([]);
    expect(readdirSync(join(folder, 'run'))).toEqual([]);
  });

  it.for<readonly [readonly string[]]>([[['--x']], [['one', 'two']]])(
    'is not sealed by arguments that are none: %j',
    ([args], { sealed, seal }) => {
      expect(seal(args).status).toBe(2);
      expect(existsSync(sealed)).toBe(false);
    },
  );
});

it('what was sealed with no key, or is nothing that was sealed, is no start of the kiosk', ({
  etc,
  seal,
  sealed,
}) => {
  mkdirSync(join(etc, 'latchpoint'));
  for (const bytes of [Buffer.from(keys.none + '00'.repeat(40), 'hex'), Buffer.alloc(0)]) {
    writeFileSync(sealed, bytes.toString('base64'));
    expect(seal(['--check'])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('is not sealed with a key') as string,
    });
  }
});

it('the playbook for many kiosks goes by the names that the script goes by', ({ etc, seal, sealed }) => {
  const playbook = readFileSync(new URL('../../docs/roll-out/latchpoint.yml', import.meta.url), 'utf8');
  const [, libraries = 'nothing'] = /apt-get install ([^)]*)/.exec(seal([], { tpm: 'no' }).stderr) ?? [];
  expect(playbook).toContain(`name: [${libraries.replaceAll(' ', ', ')}]\n`);
  const { stdout } = seal([]);
  const [, handedOver = 'nothing'] = /"passphraseFile": "(.*)"/.exec(stdout) ?? [];
  expect(playbook).toContain(`passphraseFile: ${handedOver}\n`);
  expect(playbook).toContain(`creates: ${sealed.replace(etc, '/etc')}\n`);
});
