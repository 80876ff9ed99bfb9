#!/bin/sh
# HAProxy 2.6.12 (Debian 12): after a reload, a session to a server that goes down stays open, whatever on-marked-down says.
#
# `on-marked-down shutdown-sessions` ends what is connected to a server whose check fails: before Patroni that is how nobody goes on talking
# to a former primary. A reload (-sf, as systemd's does) leaves the open sessions to the old process, until they end by themselves; and
# that process checks its servers no longer. A pooler's sessions never end by themselves. hard-stop-after gives the old process an end.
#
# Expected: the session ends with its server, before and after a reload.
# Seen:     after a reload it stays, and is heard by the server; the new process has marked the server down meanwhile.
# Output:   before a reload: ended; after a reload: open, new ones refused; with hard-stop-after: ended
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
haproxy=$(command -v haproxy || echo /usr/sbin/haproxy)
[ -x "$haproxy" ] || apt-get install -y -qq --no-install-recommends haproxy > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
cd "$dir"
cat > run.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const haproxy = process.argv[2];
let isPrimary = true;
const check = http.createServer((_request, response) => response.writeHead(isPrimary ? 200 : 503).end()).listen(0, '127.0.0.1');
const server = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
const place = net.createServer().listen(0, '127.0.0.1');
await Promise.all([check, server, place].map((each) => once(each, 'listening')));
const [checkPort, serverPort, port] = [check, server, place].map((each) => each.address().port);
await new Promise((done) => place.close(done));

const processes = [];
// Whatever the end: a check that did not hold, an error, the timeout.
process.on('exit', () => {
  for (const child of processes) child.kill('SIGKILL');
});
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(2);
});
const start = async (name, global, ...rest) => {
  writeFileSync(
    name,
    `global
  maxconn 50
  ${global}
defaults
  mode tcp
  timeout connect 2s
  timeout client 30m
  timeout server 30m
listen primary
  bind 127.0.0.1:${port}
  option httpchk OPTIONS /primary
  http-check expect status 200
  server a 127.0.0.1:${serverPort} check port ${checkPort} inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
`,
  );
  const child = spawn(haproxy, ['-db', '-f', name, ...rest], { stdio: 'ignore' });
  processes.push(child);
  await sleep(1500);
  return child;
};
const session = async () => {
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
  const heard = async () => {
    if (socket.destroyed) return false;
    socket.write('?');
    return (await Promise.race([once(socket, 'data'), once(socket, 'close'), sleep(1000)]))?.[0] instanceof Buffer;
  };
  return { socket, heard };
};
const ofServerGone = async (open) => {
  isPrimary = false;
  await sleep(1500);
  const state = (await open.heard()) ? 'open' : 'ended';
  const anew = await session();
  const isNewHeard = await anew.heard();
  anew.socket.destroy();
  isPrimary = true;
  return { state, isNewHeard };
};

const first = await start('one.cfg', '');
const early = await session();
if (!(await early.heard())) process.exit(2);
const before = await ofServerGone(early);
await sleep(1000);
const kept = await session();
if (!(await kept.heard())) process.exit(2);
const second = await start('two.cfg', 'hard-stop-after 1s', '-sf', String(first.pid));
if (!(await kept.heard())) process.exit(2);
const after = await ofServerGone(kept);
kept.socket.destroy();
await sleep(1000);
const bounded = await session();
if (!(await bounded.heard())) process.exit(2);
await start('three.cfg', '', '-sf', String(second.pid));
await sleep(1000);
const state = (await bounded.heard()) ? 'open' : 'ended';
const said = `before a reload: ${before.state}; after a reload: ${after.state}, new ones ${after.isNewHeard ? 'taken' : 'refused'}; with hard-stop-after: ${state}`;
console.log(said);
process.exit(said === 'before a reload: ended; after a reload: open, new ones refused; with hard-stop-after: ended' ? 0 : 1);
JS
timeout --preserve-status 60 node run.mjs "$haproxy"
