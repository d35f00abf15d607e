import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { inParallel, parseStatus, type Snapshot } from '@slipway/core';
import { isKubernetesObject } from '@slipway/kubernetes';
import { startTestbed } from '@slipway/testbed';
import { startGitHub } from '@slipway/testbed/github';
import { createJob, runStep } from '@slipway/testbed/runner';
import { connect, startFaultyProxy } from '@slipway/testkit/cluster';
import { configMap, workload } from '@slipway/testkit/objects';
import { close, deploy, requestFor } from '@slipway/testkit/releases';
import { parseDocuments } from '@slipway/yaml';

// `mode: status` of many destinations in one cluster, each with a Deployment, a Service and two ConfigMaps in a namespace of its own: the
// requests to the cluster, counted by a proxy, and to GitHub, counted by its double. Prints a table.
//   node_modules/.bin/node --conditions=slipway-source bench/status.ts [destinations, 50 by default]

const DESTINATIONS = Number(process.argv[2] ?? 50);
const ACTION = resolve(import.meta.dirname, '../actions/deploy');
const VIEWER = resolve(import.meta.dirname, '../examples/roles/viewer.yaml');
const folder = mkdtempSync(join(tmpdir(), 'slipway-status-'));

const names = Array.from({ length: DESTINATIONS }, (_, number) => `d${number}`);
const revisions = mkdtempSync(join(folder, 'revisions-'));
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', revisions, ...args], { encoding: 'utf8' });
git('init', '--quiet');
const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@slipway.example'];
for (const title of ['one', 'two', 'three'])
  git(...author, 'commit', '--allow-empty', '--quiet', '-m', title);
const [newest = '', , oldest = ''] = git('rev-list', 'HEAD').trim().split('\n');

const formation = (name: string, spec: string): string =>
  `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: ${name}}\nspec:\n${spec}`;

const FILES: Readonly<Record<string, string>> = {
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec: {registry: registry.example/shop, services: {api: {image: docker.io/library/api:1}}}
`,
  'formations/staging.yaml': formation('staging', '  destinations: {main: {namespace: staging}}\n'),
  'formations/production.yaml': formation(
    'production',
    `  promoted-from: staging\n  destinations:\n${names.map(name => `    ${name}: {namespace: ${name}}\n`).join('')}`,
  ),
};

/** A destination that has an older release, and one in which someone changed an object: each look has to name both, and no other. */
const [OLDER = '', CHANGED = ''] = names.slice(-2);

const DIGEST = `sha256:${'a'.repeat(64)}`;

const CONFIG_COMMIT = newest;

const snapshotOf = (deploymentTag: string, gitRevision: string): Snapshot => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag, gitRevision },
  ...{ created: '2026-11-20T10:00:00Z', registry: 'registry.example/shop' },
  images: { api: { name: 'registry.example/shop/api', digest: DIGEST, origin: 'built' } },
});

async function release(
  client: ClusterClient,
  { name, destination, namespace }: { name: string; destination: string; namespace: string },
  snapshot: Snapshot,
): Promise<void> {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const { value } of parseDocuments(
    readFileSync(VIEWER, 'utf8').replaceAll('namespace: shop', `namespace: ${namespace}`),
    VIEWER,
  ))
    if (isKubernetesObject(value)) await client.create(value);
  const service = {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'api' } },
    spec: { selector: { app: 'api' }, ports: [{ port: 80 }] },
  };
  const objects = [
    workload('api', undefined, `registry.example/shop/api@${DIGEST}`),
    service,
    configMap('a', { v: '1' }),
    configMap('b', { v: '1' }),
  ];
  const request = requestFor(namespace, objects as never, {
    snapshot,
    deploymentTag: snapshot.deploymentTag,
    configRevision: CONFIG_COMMIT,
  });
  const identity = { ...request.identity, formation: name, destination };
  const deployed = await deploy(client, { ...request, identity });
  await close(client, deployed.release);
}

async function look(what: string, path: string): Promise<string> {
  const proxy = await startFaultyProxy(path);
  const github = await startGitHub({
    directory: revisions,
    tokens: new Map([['ghs_1', { login: 'github-actions[bot]', issues: 'write' }]]),
  });
  try {
    const workspace = mkdtempSync(join(folder, 'workspace-'));
    for (const [file, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(workspace, file)), { recursive: true });
      writeFileSync(join(workspace, file), text);
    }
    const job = createJob({
      ...{ workspace, directory: folder, path: process.env['PATH'] ?? '' },
      environment: { GITHUB_API_URL: github.apiUrl },
    });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, proxy.kubeconfig, { mode: 0o600 });
    const inputs = { mode: 'status', kubeconfig, token: 'ghs_1', issue: 'waiting' };
    const step = await runStep(job, { action: ACTION, inputs });
    const path = step.outputs['status'];
    if (path === undefined) throw new Error(step.log);
    const { state, destinations, alike: [found] = [] } = parseStatus(readFileSync(path, 'utf8'), path);
    const different = found?.different.map(({ destination }) => destination);
    if (different?.join() !== [OLDER, CHANGED].join() || found?.alike.length !== DESTINATIONS - 2)
      throw new Error(`what differs was not told: ${JSON.stringify(found)}`);
    const asked = Map.groupBy(github.requests, request => request.split('/').at(-1));
    const of = [...asked].map(([request, all]) => `${all.length} ${request}`).join(', ');
    return `| ${what} | ${destinations.length}, ${state} | ${found.alike.length}, ${found.different.length}, ${found.unknown.length} | ${(step.milliseconds / 1000).toFixed(1)} s | ${proxy.seen.length} | ${(proxy.seen.length / destinations.length).toFixed(1)} | ${github.requests.length} (${of}) |\n`;
  } finally {
    proxy.close();
    await github.stop();
  }
}

const testbed = await startTestbed({ parts: ['cluster'] });
try {
  const { cluster } = testbed;
  if (cluster === undefined) throw new Error('the testbed lacks its cluster');
  const client = await connect(cluster.kubeconfig);
  await release(
    client,
    { name: 'staging', destination: 'main', namespace: 'staging' },
    snapshotOf('v3', newest),
  );
  await inParallel(
    names,
    name =>
      release(
        client,
        { name: 'production', destination: name, namespace: name },
        name === OLDER ? snapshotOf('v1', oldest) : snapshotOf('v2', oldest),
      ),
    4,
  );
  await client.patch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: CHANGED, name: 'a' },
    { data: { v: '2' } },
  );
  client.close();
  const viewer = await cluster.userKubeconfig('viewer');
  process.stdout.write(`${DESTINATIONS} destinations and staging, load ${loadavg()[0]?.toFixed(1)}\n\n`);
  process.stdout.write(
    '| | destinations | alike, different, unknown | time | requests to the cluster | each | requests to GitHub |\n|---|---|---|---|---|---|---|\n',
  );
  process.stdout.write(await look("with the viewer's Role", viewer));
  process.stdout.write(await look('with Secrets', cluster.kubeconfig));
} finally {
  await testbed.stop();
  rmSync(folder, { recursive: true });
}
