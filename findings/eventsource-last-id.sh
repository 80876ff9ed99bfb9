#!/bin/sh
# eventsource 4.1.1: an event that brings no id is told with an empty lastEventId, and so is what comes after a reconnection.
#
# The last id stays until another one comes, and each event is told with it (HTML Standard, 9.2.6: the buffer is not cleared by an event). A server
# that numbers every tenth event, or what a client may go on from, relies on it, and so does a program that stores lastEventId with each event to go
# on after a restart: it stores "no id" and begins anew. When the connection breaks this client does send the right one, as
# Last-Event-ID. undici's EventSource, which Node has as an experiment, tells it.
#
# Expected: 7 for each of the three.
# Seen:     7, and nothing twice.
# Output:   eventsource: 1 with 7, 2 with nothing, reconnected with 7, 3 with nothing
#           undici: 1 with 7, 2 with 7, reconnected with 7, 3 with 7
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts eventsource@4.1.1 undici@7.30.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { EventSource } from 'eventsource';
import { EventSource as FromUndici } from 'undici';

const toldBy = async (name, Source) => {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id']);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(asked.length === 1 ? 'retry: 20\nid: 7\ndata: 1\n\ndata: 2\n\n' : 'data: 3\n\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const source = new Source(`http://127.0.0.1:${server.address().port}/`);
  const events = await new Promise((resolve) => {
    const heard = [];
    source.onmessage = ({ data, lastEventId }) => {
      heard.push(`${data} with ${lastEventId || 'nothing'}`);
      if (heard.length === 3) resolve(heard);
    };
  });
  source.close();
  server.close();
  server.closeAllConnections();
  return `${name}: ${events.toSpliced(2, 0, `reconnected with ${asked[1]}`).join(', ')}`;
};
const said = `${await toldBy('eventsource', EventSource)}\n${await toldBy('undici', FromUndici)}`;
console.log(said);
const seen = `eventsource: 1 with 7, 2 with nothing, reconnected with 7, 3 with nothing
undici: 1 with 7, 2 with 7, reconnected with 7, 3 with 7`;
process.exit(said === seen ? 0 : 1);
JS
timeout 30 node --no-warnings run.mjs
