/**
 * In Electron's place: the browser host of the package, and Debian's Chromium over the whole screen. It keeps the contract of the desktop
 * host: the machine's file, the data below the account's home, the exit codes, an orderly end when it is told to.
 */
import { fork, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const machineFile = '/etc/latchpoint/kiosk.json';
const profile = join(homedir(), '.config/Latchpoint');
const host = new URL('./app/dist/browser-host/main.cjs', import.meta.url);
const broken = 78;
/** The browser waits for services that a kiosk does not have. */
const noBus = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/none', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none' };

const say = (line) => void process.stderr.write(`${line}\n`);
process.umask(0o077);
mkdirSync(join(profile, 'data'), { recursive: true });
let config;
try {
  config = { dataDir: join(profile, 'data'), ...JSON.parse(readFileSync(machineFile, 'utf8')) };
} catch {
  say(`${machineFile}: it cannot be read, or is not JSON`);
  process.exit(broken);
}
const core = fork(host, { env: { ...process.env, LATCHPOINT_CONFIG: JSON.stringify(config) } });
let browser = null;
let address = '';
let ending = false;

const show = () => {
  if (ending) return;
  browser = spawn(
    'chromium',
    [
      ...[
        '--kiosk',
        `--app=${address}`,
        `--user-data-dir=${join(profile, 'browser')}`,
        '--ozone-platform=x11',
      ],
      ...[
        '--no-first-run',
        '--disable-background-networking',
        '--password-store=basic',
        '--disable-breakpad',
      ],
      // What the page says is asked for from outside.
      ...['--remote-debugging-port=9222', '--remote-allow-origins=*'],
      // Emulated, everything takes its time: nothing is to be taken for hung.
      ...['--disable-gpu', '--disable-gpu-watchdog', '--disable-hang-monitor', '--in-process-gpu'],
      '--enable-features=NetworkServiceInProcess2',
    ],
    { stdio: 'inherit', env: { ...process.env, ...noBus } },
  );
  say(`page begun ${browser.pid}`);
  browser.once('exit', (code, signal) => {
    if (ending) return;
    say(`page lost ${code ?? signal}`);
    setTimeout(show, 1000);
  });
};

core.on('message', ({ type, url }) => {
  address = url;
  if (type === 'ready') show();
});
core.once('exit', (code) => {
  ending = true;
  browser?.kill('SIGKILL');
  process.exit(code ?? 1);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => core.kill('SIGTERM'));
