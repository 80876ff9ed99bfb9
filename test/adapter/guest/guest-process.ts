/**
 * First program of the small system: makes the air and an adapter, does what only root may, and has the checks run as the
 * user of the kiosk's service, once without any right and once with CAP_NET_RAW alone.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync } from 'node:fs';
import { plugAdapter, waitFor, type Adapter } from './adapters.ts';
import { answer, question, type Word } from './host-words.ts';

const air = '/tmp/bt-server-le';
const bus = '/run/dbus/system_bus_socket';
const serviceUser = '1000';
const program = (name: string): string => `/app/${name}-process.js`;

const started: ChildProcess[] = [];
const startDaemon = (path: string, ...args: string[]): void => {
  started.push(spawn(path, args, { stdio: 'ignore' }));
};

startDaemon('btvirt', '-s');
await waitFor('btvirt', () => existsSync(air));
chmodSync(air, 0o666);
let adapter: Adapter = await plugAdapter(program('vhci'));
adapter.up();

const deeds: Readonly<Record<Word, () => Promise<void> | void>> = {
  up: () => adapter.up(),
  down: () => adapter.down(),
  block: () => adapter.block(true),
  unblock: () => adapter.block(false),
  unplug: () => adapter.unplug(),
  plug: async () => {
    adapter = await plugAdapter(program('vhci'));
  },
  links: () => undefined,
  'start bluetoothd': async () => {
    startDaemon('dbus-daemon', '--system', '--nofork', '--nopidfile');
    await waitFor('the bus', () => existsSync(bus));
    startDaemon('/usr/libexec/bluetooth/bluetoothd', '-n');
    await waitFor('bluetoothd', () => existsSync('/var/lib/bluetooth/' + adapter.address()));
  },
};

/** Runs the checks with those capabilities and no other. Answers the code that they end with. */
const runChecks = async (which: string, capabilities: string): Promise<number> => {
  const only = capabilities === '' ? '-all' : `-all,+${capabilities}`;
  const child = fork(program('checks'), [which], {
    execPath: '/usr/bin/setpriv',
    execArgv: [
      ...['--reuid', serviceUser, '--regid', serviceUser, '--clear-groups'],
      ...['--inh-caps', only, '--ambient-caps', only, '--bounding-set', only],
      ...[process.execPath, '--disable-warning=ExperimentalWarning'],
    ],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    const { id, word } = question.parse(message);
    void (async () => {
      let error: string | null = null;
      try {
        await deeds[word]();
      } catch (thrown) {
        error = thrown instanceof Error ? thrown.message : String(thrown);
      }
      const links = error === null && word === 'links' ? [...adapter.links()] : [];
      child.send(answer.parse({ id, links, error }));
    })();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

const codes = [await runChecks('without rights', ''), await runChecks('with the right', 'net_raw')];
for (const child of started) child.kill('SIGKILL');
// The host reads this line and no other.
process.stdout.write(codes.every((code) => code === 0) ? 'ALL HELD\n' : 'NOT ALL HELD\n');
process.exit(0);
