#!/bin/sh
# @kubernetes/client-node 2.0.1: KubernetesObjectApi.create sends a built-in kind without the fields that its own model
# does not know, although the object is given as plain JSON and the method is made for objects of any kind.
# Input: a ConfigMap with one field of its own, as a newer API server may have it, sent to a local HTTP server that repeats
# what it received. Output: the field is missing in the request. A custom resource with the same field keeps it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
# The client needs Node 22.19 or newer; this one comes from npm too.
npm install --silent --no-audit --no-fund @kubernetes/client-node@2.0.1 node@24.21.0 >/dev/null
cat > check.mjs <<'JS'
import http from 'node:http';
import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';

const received = [];
const resources = {
  '/api/v1': [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['create'] }],
  '/apis/example.com/v1': [{ name: 'things', kind: 'Thing', namespaced: true, verbs: ['create'] }],
};
const server = http.createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  let text = '';
  request.on('data', piece => (text += piece));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET')
      return response.end(JSON.stringify({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: path.replace(/^\/apis?\//, ''), resources: resources[path] ?? [] }));
    received.push(JSON.parse(text));
    response.statusCode = 201;
    response.end(text);
  });
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const config = new KubeConfig();
config.loadFromClusterAndUser(
  { name: 'local', server: `http://127.0.0.1:${server.address().port}`, skipTLSVerify: true },
  { name: 'someone' },
);
const api = KubernetesObjectApi.makeApiClient(config);
for (const [apiVersion, kind] of [['v1', 'ConfigMap'], ['example.com/v1', 'Thing']])
  await api.create({ apiVersion, kind, metadata: { name: 'a', namespace: 'default' }, laterField: 'kept?' });
server.close();
const [builtIn, custom] = received;
console.log(`built-in kind: laterField is ${JSON.stringify(builtIn.laterField)}`);
console.log(`custom kind: laterField is ${JSON.stringify(custom.laterField)}`);
if (builtIn.laterField !== undefined || custom.laterField !== 'kept?') {
  console.error('this changed: compare with the first lines of this script');
  process.exit(1);
}
process.exit(0);
JS
node_modules/.bin/node check.mjs
