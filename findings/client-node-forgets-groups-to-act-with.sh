#!/bin/sh
# @kubernetes/client-node 2.0.1: of a user of a kubeconfig who acts as another one, only the name is sent. The groups, the uid and the
# extra fields are read by kubectl and dropped here without an error, so that the same file has other rights.
# Input: a kubeconfig whose user has `as: jane`, `as-groups: [viewers]`, `as-uid: u-1` and `as-user-extra: {reason: [audit]}`.
# Output: the names of the headers for a request, which are Authorization and Impersonate-User.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
# The client needs Node 22.19 or newer; this one comes from npm too.
npm install --silent --no-audit --no-fund @kubernetes/client-node@2.0.1 node@24.21.0 >/dev/null
cat > show.mjs <<'JS'
import { KubeConfig } from '@kubernetes/client-node';

const user = {
  token: 'a-token',
  as: 'jane',
  'as-groups': ['viewers'],
  'as-uid': 'u-1',
  'as-user-extra': { reason: ['audit'] },
};
const config = new KubeConfig();
config.loadFromString(
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { server: 'https://cluster.example' } }],
    users: [{ name: 'a', user }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  }),
);
const options = {};
await config.applyToHTTPSOptions(options);
const headers = Object.keys(options.headers).sort();
console.log(headers.join(', '));
if (headers.join() !== 'Authorization,Impersonate-User') {
  console.error('this changed');
  process.exit(1);
}
JS
node_modules/.bin/node show.mjs
