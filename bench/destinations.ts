import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { combinedDigest, type Snapshot } from '@slipway/core';
import { readRepository, renderAll, selectTargets, writeRenderedTree } from '@slipway/render';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { entryOf } from '@slipway/testbed/runner';
import { cpuOfChildren } from './cpu-time.ts';
import { stepEnvironment } from './step-environment.ts';
import { median, runProgram } from './stopwatch.ts';

// Ten destinations of one wave, each a namespace of one API server: one step of deploy that has all of them, beside a process for each,
// one after the other and all at once. First a release each, then the same again, where nothing changes. Prints a table. With several
// API servers there is one destination on each instead.
//   node_modules/.bin/node --conditions=slipway-source bench/destinations.ts [rounds, 3 by default] [objects, 100] [API servers, 1]

const ROUNDS = Number(process.argv[2] ?? 3);
const OBJECTS = Number(process.argv[3] ?? 100);
const SERVERS = Number(process.argv[4] ?? 1);
const DESTINATIONS = SERVERS > 1 ? SERVERS : 10;
const ENTRY = entryOf('actions/deploy');

type Way = 'one step' | 'a process each, in turn' | 'a process each, at once';
const WAYS: readonly Way[] = ['one step', 'a process each, in turn', 'a process each, at once'];

interface Figures {
  readonly milliseconds: number;
  readonly cpu: number;
  /** What the largest process held, or all together that run at once. */
  readonly megabytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'slipway-destinations-'));
const testbeds: Testbed[] = [];
for (let server = 0; server < SERVERS; server++) testbeds.push(await startTestbed({ parts: ['cluster'] }));
const kubectl = testbeds[0]?.cluster?.kubectl ?? 'kubectl';
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, JSON.stringify(combinedConfig()), { mode: 0o600 });

/** The kubeconfigs of all API servers as one, whose contexts are called s0, s1 and so on. */
function combinedConfig(): object {
  const parts = testbeds.map(({ cluster }, index) => {
    const text = execFileSync(kubectl, ['config', 'view', '--raw', '--flatten', '-o', 'json'], {
      env: { ...process.env, KUBECONFIG: cluster?.kubeconfig },
      encoding: 'utf8',
    });
    const name = `s${index}`;
    const config = JSON.parse(text) as { clusters: [{ cluster: object }]; users: [{ user: object }] };
    const [[{ cluster: server }], [{ user }]] = [config.clusters, config.users];
    return { name, server, user };
  });
  return {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 's0' },
    clusters: parts.map(({ name, server }) => ({ name, cluster: server })),
    users: parts.map(({ name, user }) => ({ name, user })),
    contexts: parts.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
  };
}

/** The context of a destination. */
const contextOf = (destination: string): string => `s${Number(destination.slice(1)) % SERVERS}`;

/** A formation for each way and round, so that each begins with namespaces of its own. */
const formations = Array.from({ length: ROUNDS + 1 }, (_, round) =>
  WAYS.map((way, index) => ({ way, round, name: `r${round}w${index}` })),
).flat();
const destinations = Array.from({ length: DESTINATIONS }, (_, index) => `d${index}`);

async function render(): Promise<ReadonlyMap<string, { readonly tree: string; readonly digest: string }>> {
  const workspace = join(folder, 'workspace');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  };
  write(
    'slipway.yaml',
    'apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec: {registry: r.example/shop, services: {api: {image: docker.io/library/api:1}}}\n',
  );
  for (const { name } of formations) {
    const listed = destinations.map(
      destination =>
        `    ${destination}: {namespace: ${name}-${destination}, context: ${contextOf(destination)}}\n`,
    );
    write(
      `formations/${name}.yaml`,
      `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: ${name}}\nspec:\n  destinations:\n${listed.join('')}`,
    );
  }
  const objects = Array.from({ length: OBJECTS }, (_, index) =>
    index % 10 === 0
      ? `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api-${index}}\nspec:\n  replicas: 0\n  selector: {matchLabels: {app: api-${index}}}\n  template:\n    metadata: {labels: {app: api-${index}}}\n    spec: {containers: [{name: api, image: "\${image.api}"}]}\n`
      : `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-${index}}\ndata: {a: "1", b: "2", c: "3"}\n`,
  );
  write('stencils/all.yaml', objects.join('---\n'));
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const snapshot: Snapshot = {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: 'v1' },
    ...{ created: '2026-11-20T10:00:00Z', registry: 'r.example/shop' },
    images: { api: { name: 'r.example/shop/api', digest: `sha256:${'a'.repeat(64)}`, origin: 'retagged' } },
  };
  const trees = new Map<string, { readonly tree: string; readonly digest: string }>();
  for (const { name } of formations) {
    const targets = selectTargets(repository, [name], []);
    const { destinations: rendered } = await renderAll(repository, { targets, snapshot });
    const tree = join(folder, `tree-${name}`);
    const written = await writeRenderedTree(tree, rendered);
    trees.set(name, { tree, digest: combinedDigest(written.map(one => one.rendered)) });
  }
  return trees;
}

async function step(name: string, tree: { readonly tree: string; readonly digest: string }, of: string) {
  const runner = mkdtempSync(join(folder, 'runner-'));
  return await runProgram(process.execPath, [ENTRY], {
    ...stepEnvironment(join(folder, 'workspace'), runner),
    INPUT_KUBECONFIG: kubeconfig,
    INPUT_MANIFESTS: tree.tree,
    INPUT_DIGEST: tree.digest,
    INPUT_FORMATION: name,
    INPUT_DESTINATION: of,
  });
}

async function measure(
  way: Way,
  name: string,
  tree: { readonly tree: string; readonly digest: string },
): Promise<Figures> {
  const [started, cpuBefore] = [performance.now(), cpuOfChildren()];
  const each = (destination: string) => step(name, tree, destination);
  const peaks: number[] = [];
  if (way === 'one step') peaks.push((await each(destinations.join(','))).megabytes);
  else if (way === 'a process each, in turn')
    for (const destination of destinations) peaks.push((await each(destination)).megabytes);
  else {
    const all = await Promise.all(destinations.map(each));
    peaks.push(all.reduce((sum, { megabytes }) => sum + megabytes, 0));
  }
  const milliseconds = performance.now() - started;
  return { milliseconds, cpu: cpuOfChildren() - cpuBefore, megabytes: Math.max(...peaks) };
}

const found = new Map<string, Figures[]>();
try {
  const trees = await render();
  const environment = { ...process.env, KUBECONFIG: kubeconfig };
  for (const { name } of formations)
    for (const destination of destinations)
      execFileSync(
        kubectl,
        ['create', 'namespace', `${name}-${destination}`, '--context', contextOf(destination)],
        { env: environment, stdio: 'ignore' },
      );
  // In the first round nothing is counted: the API server has not seen the kinds yet.
  for (const { way, round, name } of formations) {
    const tree = trees.get(name) ?? { tree: '', digest: '' };
    for (const what of ['first', 'nothing changed']) {
      const figures = await measure(way, name, tree);
      const key = `${what}, ${way}`;
      if (round > 0) found.set(key, [...(found.get(key) ?? []), figures]);
    }
  }
  const of = (key: string, figure: keyof Figures): number =>
    median((found.get(key) ?? []).map(figures => figures[figure]));
  console.log(
    `\n${DESTINATIONS} destinations on ${SERVERS} API servers, of ${OBJECTS} objects, medians of ${ROUNDS} rounds, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log(
    '| | s | beside one step | processor of the steps, s | most memory, MB |\n| --- | --- | --- | --- | --- |',
  );
  for (const key of found.keys()) {
    const beside = of(key, 'milliseconds') / of(`${key.split(',')[0]}, one step`, 'milliseconds');
    console.log(
      `| ${key} | ${(of(key, 'milliseconds') / 1000).toFixed(1)} | ${beside.toFixed(2)} | ${(of(key, 'cpu') / 1000).toFixed(1)} | ${of(key, 'megabytes').toFixed(0)} |`,
    );
  }
} finally {
  await Promise.all(testbeds.map(testbed => testbed.stop()));
  rmSync(folder, { recursive: true, force: true });
}
