import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { listReleases } from '@slipway/release';
import { runStep, type StepResult } from '@slipway/testbed/runner';
import { createNamespace } from '@slipway/testkit/cluster';
import { useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, FILES, makeWorkspace, WITH_ENDLESS_STAGE, type Workspace } from './fixture.ts';

const [DEPLOY, VERIFY] = ['..', '../../verify-rollout'].map(path => resolve(import.meta.dirname, path)) as [
  string,
  string,
];
const FORMATION = 'formations/staging.yaml';
const NAMES = ['eu', 'us', 'ap'] as const;
const DESTINATIONS = NAMES.map(name => `${name}: {namespace: NAMESPACE-${name}}`).join('\n    ');

const cluster = useOpenCluster();
const { client } = cluster;

/** A formation with three destinations, of which some have their namespace. */
async function threeIn(
  namespace: string,
  there: readonly string[],
  changes: Readonly<Record<string, (text: string) => string>> = {},
  destinations = DESTINATIONS,
): Promise<Workspace> {
  for (const name of there) await createNamespace(client, `${namespace}-${name}`);
  const formation = FILES[FORMATION]
    ?.replace('main: {namespace: NAMESPACE}', destinations)
    .replaceAll('NAMESPACE', namespace);
  return await makeWorkspace({
    directory: cluster.testbed.directory,
    namespace,
    changes: { ...changes, [FORMATION]: () => `${formation}` },
  });
}

const toAll = (more: Record<string, string> = {}) => ({
  kubeconfig: cluster.kubeconfig,
  formation: 'staging',
  destination: 'eu, us, ap',
  ...more,
});

async function verify({ job }: Workspace, release: string): Promise<StepResult> {
  const inputs = { ...toAll({ release }), 'stable-for': '1s', timeout: '60s' };
  return await runStep(job, { action: VERIFY, inputs });
}

const recordsIn = async (namespace: string) =>
  await listReleases(client, { application: 'shop', formation: 'staging', namespace });

describe('one step with three destinations', () => {
  let workspace: Workspace;
  let planned: StepResult;
  let deployed: StepResult;

  beforeAll(async () => {
    workspace = await threeIn('three', NAMES);
    planned = await deploy(workspace, toAll({ mode: 'plan' }));
    deployed = await deploy(workspace, toAll({ 'planned-from': planned.outputs['planned-from'] ?? '' }));
  });

  it('plans each, and leaves the plans by destination', () => {
    expect(errorsOf(planned)).toEqual([]);
    expect(JSON.parse(planned.outputs['planned-from'] ?? '')).toEqual({ eu: '0', us: '0', ap: '0' });
    expect(JSON.parse(planned.outputs['changes'] ?? '')).toEqual({ eu: '3', us: '3', ap: '3' });
    const plans: Record<string, string> = JSON.parse(planned.outputs['plan'] ?? '');
    for (const name of NAMES)
      expect(JSON.parse(readFileSync(plans[name] ?? '', 'utf8'))).toMatchObject({ destination: name });
  });

  it('deploys each as a release of its own, with the plan that was approved there', async () => {
    expect(errorsOf(deployed)).toEqual([]);
    expect(JSON.parse(deployed.outputs['release'] ?? '')).toEqual({ eu: '1', us: '1', ap: '1' });
    for (const name of NAMES) {
      expect(await recordsIn(`three-${name}`)).toMatchObject([{ number: 1 }]);
      expect(deployed.log).toContain(`${name}: Release 1 of shop/staging: 3 of 3 objects written`);
      expect(deployed.summary).toContain(`## ${name}\n`);
    }
  });

  it('verifies each by the releases of the step before', async () => {
    const verified = await verify(workspace, deployed.outputs['release'] ?? '');
    expect(errorsOf(verified)).toEqual([]);
    const succeeded = { eu: 'succeeded', us: 'succeeded', ap: 'succeeded' };
    expect(JSON.parse(verified.outputs['verdict'] ?? '')).toEqual(succeeded);
    for (const name of NAMES)
      expect(await recordsIn(`three-${name}`)).toMatchObject([{ verdict: 'succeeded' }]);
  });
});

describe('one of three destinations that fails', () => {
  it('does not stop the others, and is named by both steps', async () => {
    const workspace = await threeIn('fails', ['us', 'ap']);
    const deployed = await deploy(workspace, toAll());
    expect(deployed.exitCode).toBe(1);
    expect(errorsOf(deployed)).toEqual([
      expect.stringMatching(/^eu: the namespace "fails-eu" does not exist/),
    ]);
    expect(JSON.parse(deployed.outputs['release'] ?? '')).toEqual({ us: '1', ap: '1' });
    const verified = await verify(workspace, deployed.outputs['release'] ?? '');
    expect(verified.exitCode).toBe(1);
    expect(errorsOf(verified)).toEqual([
      'eu: the step before has left no release here, so that there is nothing to look at; see what that step says of this destination',
    ]);
    expect(JSON.parse(verified.outputs['verdict'] ?? '')).toEqual({ us: 'succeeded', ap: 'succeeded' });
    expect(verified.outputs['error']).toBe('nothing-left');
    expect(verified.summary).toContain('| ❌ | eu | nothing-left |');
  });

  it('is rolled back or reported there, and the others stay', async () => {
    const workspace = await threeIn('broken', NAMES);
    expect(errorsOf(await deploy(workspace, toAll()))).toEqual([]);
    expect(errorsOf(await verify(workspace, '{"eu":"1","us":"1","ap":"1"}'))).toEqual([]);
    const second = await threeIn('broken', [], {
      'stencils/api.yaml': text => text.replace('level: info', 'level: debug'),
    });
    const deployed = await deploy(second, toAll());
    expect(JSON.parse(deployed.outputs['release'] ?? '')).toEqual({ eu: '2', us: '2', ap: '2' });
    await client.delete({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'broken-us',
      name: await settingsIn('broken-us'),
    });
    const verified = await verify(second, deployed.outputs['release'] ?? '');
    expect(verified.exitCode).toBe(1);
    expect(JSON.parse(verified.outputs['verdict'] ?? '')).toMatchObject({ eu: 'succeeded', ap: 'succeeded' });
    expect(errorsOf(verified).every(error => error.startsWith('us: '))).toBe(true);
    expect(await recordsIn('broken-us')).not.toMatchObject([
      { verdict: 'succeeded' },
      { verdict: 'succeeded' },
    ]);
  });
});

/** The name of the ConfigMap that the newest release wrote. */
async function settingsIn(namespace: string): Promise<string> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  const [newest] = items
    .filter(({ metadata }) => metadata.name.startsWith('settings'))
    .toSorted((a, b) =>
      String(b.metadata['creationTimestamp']).localeCompare(String(a.metadata['creationTimestamp'])),
    );
  return newest?.metadata.name ?? '';
}

describe('destinations that one job must not have together', () => {
  it.each([
    [
      'environment: prod',
      'environment: other',
      /^destinations of formation "staging" have different environments: /,
    ],
    [
      '',
      'environment: other',
      /^destinations of formation "staging" have different environments: none \(eu, ap\), "other" \(us\)/,
    ],
  ])('are refused before anything is done: %j and %j', async (one, other, says) => {
    const more = (name: string) =>
      [name === 'us' ? other : one].filter(text => text !== '').map(text => `, ${text}`);
    const destinations = NAMES.map(name => `${name}: {namespace: NAMESPACE-${name}${more(name).join('')}}`);
    const workspace = await threeIn('mixed', [], {}, destinations.join('\n    '));
    const step = await deploy(workspace, toAll());
    expect(errorsOf(step)).toEqual([expect.stringMatching(says)]);
    expect(errorsOf(await verify(workspace, '{"eu":"1","us":"1","ap":"1"}'))).toEqual([
      expect.stringMatching(says),
    ]);
  });

  it.each([
    [{ context: 'testbed' }, 'input "context" is for one destination, and 3 are named; run a step for each'],
    [{ mode: 'destroy' }, /^input "destination" is not the name of a destination; name exactly one/],
    [{ destination: 'eu, us, mars' }, /^there is no destination "mars"/],
  ])('inputs of one destination are refused: %j', async (inputs, says) => {
    const workspace = await threeIn('inputs', []);
    expect(errorsOf(await deploy(workspace, toAll(inputs)))).toContainEqual(expect.stringMatching(says));
  });
});

describe('the post step of several destinations', () => {
  it('closes the record of each', async () => {
    const workspace = await threeIn('killed', NAMES, WITH_ENDLESS_STAGE);
    const waiting = new Set<string>();
    const kill = new AbortController();
    const killed = await deploy(workspace, toAll(), undefined, {
      signal: kill.signal,
      onLine: line => {
        const [, name] = /^(\w+): .*Deployment api: /.exec(line) ?? [];
        if (name !== undefined) waiting.add(name);
        if (waiting.size === NAMES.length) kill.abort('SIGKILL');
      },
    });
    expect(waiting.size).toBe(NAMES.length);
    const ended = await runStep(workspace.job, {
      action: DEPLOY,
      inputs: { manifests: workspace.manifests, secrets: 'env=DATABASE_PASSWORD', ...toAll() },
      postOf: killed,
    });
    expect(errorsOf(ended)).toEqual([]);
    for (const name of NAMES)
      expect(await recordsIn(`killed-${name}`)).toMatchObject([{ number: 1, verdict: 'failed' }]);
  });
});
