import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Snapshot, Verdict } from '@slipway/core';
import { openRegistryClient, pushSnapshot, pushVerdict } from '@slipway/registry';
import { readRepository, renderAll, selectTargets } from '@slipway/render';
import { startTestbed } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { median, runProgram } from './stopwatch.ts';

// A cluster that was lost: ten formations of forty objects are brought back by `mode: recover` of deploy, one after the other, from the
// registry and Git alone; beside `kubectl apply --server-side` of the same objects, which finds them in files, and checks and records
// nothing. Both take turns in one empty API server, each time in namespaces of their own. Prints a table.
//   node_modules/.bin/node --conditions=slipway-source bench/recover.ts [rounds, 3 by default]

const ROUNDS = Number(process.argv[2] ?? 3);
const FORMATIONS = 10;
const OBJECTS = 40;
const ACTION = resolve(import.meta.dirname, '../actions/deploy');

const folder = mkdtempSync(join(tmpdir(), 'slipway-recover-'));
const testbed = await startTestbed({ parts: ['cluster', 'registry'] });
const { cluster, registry } = testbed;
if (cluster === undefined || registry === undefined) throw new Error('the testbed lacks a part');
const home = `${registry.address}/bench/shop`;
const environment = { ...process.env, KUBECONFIG: cluster.kubeconfig };

const names = Array.from({ length: FORMATIONS }, (_, number) => `f${number}`);
const rounds = Array.from({ length: ROUNDS }, (_, number) => `round${number}`);
/** As long as the name of the namespace that kubectl is given instead. */
const ours = (name: string, round: string): string => `${name}-${round}-slip`;
const theirs = (name: string, round: string): string => `${name}-${round}-kube`;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

const workspace = join(folder, 'workspace');
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', workspace, ...args], { encoding: 'utf8' }).trim();

write(
  'slipway.yaml',
  `apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec: {registry: ${home}, services: {api: {image: docker.io/library/api:1}}}\n`,
);
for (const name of names) {
  const destinations = rounds.map(round => `    ${round}: {namespace: ${ours(name, round)}}\n`).join('');
  write(
    `formations/${name}.yaml`,
    `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: ${name}}\nspec:\n  destinations:\n${destinations}`,
  );
}
const settings = Array.from(
  { length: OBJECTS - 4 },
  (_, number) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-${number}}\ndata: {a: "1", b: "2", c: "3"}\n`,
);
const services = Array.from(
  { length: 2 },
  (_, number) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: api-${number}}\nspec: {selector: {app: api-${number}}, ports: [{port: 80}]}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api-${number}}\nspec:\n  selector: {matchLabels: {app: api-${number}}}\n  template:\n    metadata: {labels: {app: api-${number}}}\n    spec: {containers: [{name: api, image: "\${image.api}"}]}\n`,
);
write('stencils/all.yaml', [...settings, ...services].join('---\n'));
git('init', '--quiet');
git('add', '.');
git('-c', 'user.name=bench', '-c', 'user.email=bench@slipway.example', 'commit', '--quiet', '-m', 'one');
const revision = git('rev-parse', 'HEAD');

const snapshot: Snapshot = {
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: 'v1' },
  ...{ gitRevision: revision, created: '2026-11-20T10:00:00Z', registry: home },
  images: { api: { name: `${home}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } },
};

/** What verify-rollout left in the registry before the cluster was lost. @returns the manifests by formation and round */
async function leaveVerdicts(): Promise<ReadonlyMap<string, string>> {
  const client = await openRegistryClient({ environment: {} });
  await pushSnapshot(client, snapshot);
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const { destinations } = await renderAll(repository, {
    ...{ targets: selectTargets(repository, names, []), snapshot, configRevision: revision },
  });
  const manifests = new Map<string, string>();
  for (const { rendered, manifests: texts, objects } of destinations) {
    if (objects.length !== OBJECTS) throw new Error(`${objects.length} objects were rendered`);
    const { formation, destination, namespace, digest } = rendered;
    const verdict: Verdict = {
      ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
      ...{ formation, destination, namespace, release: 4, deploymentTag: 'v1', configRevision: revision },
      ...{ digest, released: '2026-11-20T10:59:00Z', started: '2026-11-20T11:00:00Z' },
      ...{ finished: '2026-11-20T11:01:00Z', summary: 'bench', objects: [] },
    };
    await pushVerdict(client, snapshot, verdict);
    const file = join(folder, `${formation}-${destination}.yaml`);
    const text = [...texts.values()].join('---\n');
    writeFileSync(file, text.replaceAll(ours(formation, destination), theirs(formation, destination)));
    manifests.set(`${formation}/${destination}`, file);
  }
  return manifests;
}

async function recoverAll(round: string): Promise<number> {
  let milliseconds = 0;
  for (const formation of names) {
    const job = createJob({ workspace, directory: folder, path: process.env['PATH'] ?? '', sha: revision });
    const inputs = { mode: 'recover', formation, destination: round, kubeconfig: cluster?.kubeconfig ?? '' };
    const step = await runStep(job, { action: ACTION, inputs });
    if (step.exitCode !== 0 || !step.log.includes(`${OBJECTS} of ${OBJECTS} objects written`))
      throw new Error(step.log);
    milliseconds += step.milliseconds;
  }
  return milliseconds;
}

async function applyAll(round: string, manifests: ReadonlyMap<string, string>): Promise<number> {
  let milliseconds = 0;
  for (const formation of names) {
    const file = manifests.get(`${formation}/${round}`) ?? '';
    const args = ['apply', '--server-side', '--filename', file];
    milliseconds += (await runProgram(cluster?.kubectl ?? '', args, environment)).milliseconds;
  }
  return milliseconds;
}

try {
  const manifests = await leaveVerdicts();
  for (const round of rounds)
    for (const name of names)
      for (const namespace of [ours(name, round), theirs(name, round)])
        execFileSync(cluster.kubectl, ['create', 'namespace', namespace], {
          env: environment,
          stdio: 'ignore',
        });
  const [recovered, applied]: [number[], number[]] = [[], []];
  for (const [index, round] of rounds.entries()) {
    const turns = [
      async () => recovered.push(await recoverAll(round)),
      async () => applied.push(await applyAll(round, manifests)),
    ];
    for (const turn of index % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  const seconds = (all: readonly number[]): string =>
    `${(median(all) / 1000).toFixed(1)} s (${all.map(one => (one / 1000).toFixed(1)).join(', ')})`;
  const ratios = recovered.map((one, index) => one / (applied[index] ?? Number.NaN));
  process.stdout.write(
    `${FORMATIONS} formations of ${OBJECTS} objects, ${ROUNDS} rounds, load ${loadavg()[0]?.toFixed(1)}\n\n| | median (each round) |\n|---|---|\n| mode: recover, ten steps | ${seconds(recovered)} |\n| kubectl apply --server-side, ten times | ${seconds(applied)} |\n| ratio, turn by turn | ${median(ratios).toFixed(2)} (${ratios.map(one => one.toFixed(2)).join(', ')}) |\n`,
  );
} finally {
  await testbed.stop();
  rmSync(folder, { recursive: true });
}
