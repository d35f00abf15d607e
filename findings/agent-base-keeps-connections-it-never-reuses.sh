#!/bin/sh
# agent-base 9.0.0, on which the agents for SOCKS and HTTP proxies of npm are built: a subclass with `keepAlive: true` keeps the
# connection of a request by https, but finds it again only if the options of the request have `protocol`, or are a URL. Without it the
# agent tells by the stack of calls whether a request is secure, and the stack is another one when a connection becomes free.
# Input: two requests by https, one after the other, through an agent that connects to a server on this machine: by the options
# hostname, port and path, then the same with `protocol: 'https:'`. Output: the connections that were made: 2, then 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund agent-base@9.0.0 node@24.21.0 >/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2>/dev/null
cat > show.mjs <<'JS'
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import { connect } from 'node:tls';
import { Agent } from 'agent-base';

const [cert, key] = ['cert.pem', 'key.pem'].map(file => readFileSync(file));
const server = createServer({ cert, key }, (_request, response) => response.end('ok'));
await once(server.listen(0, 'localhost'), 'listening');
const { port } = server.address();

let connections = 0;
class Counting extends Agent {
  connect(_request, options) {
    connections += 1;
    return connect({ ...options, host: 'localhost', servername: 'localhost' });
  }
}

async function twice(more) {
  connections = 0;
  const agent = new Counting({ keepAlive: true });
  for (let time = 0; time < 2; time++) {
    const [response] = await once(get({ hostname: 'localhost', port, path: '/', ca: cert, agent, ...more }), 'response');
    await response.resume().toArray();
    await new Promise(done => setTimeout(done, 50));
  }
  agent.destroy();
  return connections;
}

const made = [await twice({}), await twice({ protocol: 'https:' })];
console.log(made.join(', '));
server.close();
server.closeAllConnections();
if (made.join() !== '2,1') {
  console.error('this changed');
  process.exit(1);
}
JS
node_modules/.bin/node show.mjs
