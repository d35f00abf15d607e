import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '@slipway/testbed/runner';
import { contentsOf, useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, FILES, makeWorkspace, type Workspace } from './fixture.ts';

const [NORTH, SOUTH] = ['ledger-north', 'ledger-south'];
const FORMATION = 'formations/staging.yaml';
const SHOWN = `${FILES[FORMATION]}`.replace(
  'main: {namespace: NAMESPACE}',
  'north: {namespace: ledger-north, context: testbed}\n    south: {namespace: ledger-south}',
);

const cluster = useOpenCluster();
let both: Workspace;
let onlyNorth: Workspace;

const workspaceWith = (formation: string) =>
  makeWorkspace({
    directory: cluster.testbed.directory,
    namespace: NORTH,
    changes: { [FORMATION]: () => formation },
  });

beforeAll(async () => {
  for (const name of [NORTH, SOUTH])
    await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  both = await workspaceWith(SHOWN);
  const { kubeconfig } = cluster;
  for (const destination of ['north', 'south'])
    expect(errorsOf(await deploy(both, { kubeconfig, destination }))).toEqual([]);
  onlyNorth = await workspaceWith(SHOWN.replace(/\n {4}south: .*/, ''));
});

const MODES = ['apply', 'plan', 'rollback', 'hold', 'lift-hold', 'destroy', 'releases'] as const;
type Mode = (typeof MODES)[number];

/** Confirmed, so that nothing but the destination is wrong. */
async function inMode(workspace: Workspace, mode: Mode, inputs: Record<string, string>): Promise<StepResult> {
  const { kubeconfig } = cluster;
  const given = { kubeconfig, mode, confirm: 'shop/staging', reason: 'audit', ...inputs };
  const ofTree = mode === 'apply' || mode === 'plan';
  return ofTree
    ? await deploy(workspace, given)
    : await deploy({ ...workspace, manifests: '', digest: '' }, { secrets: '', ...given }, {});
}

const contents = async () => [
  ...(await contentsOf(cluster.client, NORTH)),
  ...(await contentsOf(cluster.client, SOUTH)),
];

interface Disagreement {
  readonly inputs: Record<string, string>;
  readonly says: RegExp;
  readonly formation?: (text: string) => string;
  /** A tree names its own destination, so that some mistakes can only be made without one. */
  readonly onlyIn?: readonly Mode[];
}

const WITHOUT_TREE = ['rollback', 'hold', 'lift-hold', 'destroy', 'releases'] as const;

const disagreements: Readonly<Record<string, Disagreement>> = {
  'the namespace of another destination': {
    inputs: { destination: 'north', namespace: SOUTH },
    says: /^input "namespace" is "ledger-south", but staging\/north goes to "ledger-north"; remove the input/,
  },
  'a destination that has another namespace than before': {
    inputs: { destination: 'south', namespace: SOUTH },
    formation: text => text.replace('south: {namespace: ledger-south}', 'south: {namespace: ledger-west}'),
    says: /^input "namespace" is "ledger-south", but staging\/south goes to "ledger-west"; remove the input: the formation has the namespace; for what was released to "ledger-south" before, set application to "shop", the name, and name the formation$/,
    onlyIn: WITHOUT_TREE,
  },
  'a destination in the namespace of one that was taken out': {
    inputs: { destination: 'north' },
    formation: text =>
      text
        .replace(/\n {4}south: .*/, '')
        .replace('north: {namespace: ledger-north', 'north: {namespace: ledger-south'),
    says: /^the newest release of shop\/staging in namespace "ledger-south" has the destination "south", not "north"; check kubeconfig, context, namespace and destination: one of them belongs to another destination; if "south" is the name that it had before, deploy it once under the new one, or set destination to "south" and namespace to "ledger-south"$/,
    onlyIn: WITHOUT_TREE,
  },
  'a namespace beside the only destination': {
    inputs: { namespace: SOUTH },
    formation: text => text.replace(/\n {4}south: .*/, ''),
    says: /^input "namespace" is "ledger-south", but staging\/north goes to "ledger-north"/,
  },
  "a context that is not the destination's": {
    inputs: { destination: 'north', context: 'other' },
    says: /^input "context" is "other", but staging\/north has the context "testbed"/,
  },
  'the server of another cluster': {
    inputs: { destination: 'north' },
    formation: text => text.replace('context: testbed', 'cluster: {server: "https://10.9.9.9:6443"}'),
    says: /^the kubeconfig points to "https:.*", but the formation names "https:\/\/10\.9\.9\.9:6443"/,
  },
  'a destination that was taken out, without its namespace': {
    inputs: { destination: 'south' },
    formation: text => text.replace(/\n {4}south: .*/, ''),
    says: /^there is no destination "south" in formation "staging"; set destination to one of "north"; if it was taken out of this checkout, also set namespace/,
    onlyIn: WITHOUT_TREE,
  },
  'a misspelt destination with the namespace of another': {
    inputs: { destination: 'nort', namespace: NORTH },
    says: /^the newest release of shop\/staging in namespace "ledger-north" has the destination "north", not "nort"/,
    onlyIn: WITHOUT_TREE,
  },
  'a destination whose name another cluster has in the same namespace': {
    inputs: { destination: 'south' },
    formation: text => text.replace('south: {namespace: ledger-south}', 'south: {namespace: ledger-north}'),
    says: /^the newest release of shop\/staging in namespace "ledger-north" has the destination "north", not "south"/,
  },
  "the application's name, and a destination that is not in the namespace": {
    inputs: { application: 'shop', formation: 'staging', destination: 'north', namespace: SOUTH },
    says: /^the newest release of shop\/staging in namespace "ledger-south" has the destination "south", not "north"/,
    onlyIn: WITHOUT_TREE,
  },
  'a formation that never was in the namespace': {
    inputs: { formation: 'gone', namespace: SOUTH, confirm: 'shop/gone' },
    says: /^this checkout has no formation "gone", and no release of shop\/gone is in namespace "ledger-south"/,
    onlyIn: WITHOUT_TREE,
  },
};

const cases = Object.entries(disagreements).flatMap(([name, disagreement]) =>
  (disagreement.onlyIn ?? MODES).map(mode => [mode, name, disagreement] as const),
);

describe('a destination that is not clear', () => {
  it.each(cases)('is refused, and nothing is touched: %s with %s', async (mode, _, bad) => {
    const before = await contents();
    const workspace = bad.formation === undefined ? both : await workspaceWith(bad.formation(SHOWN));
    const result = await inMode(workspace, mode, bad.inputs);
    expect(errorsOf(result)).toEqual([expect.stringMatching(bad.says)]);
    expect(result.exitCode).toBe(1);
    expect(await contents()).toEqual(before);
  });
});

describe('a destination that was taken out of its formation', () => {
  it('is listed and cleared from the checkout, by its name and namespace', async () => {
    const before = await contentsOf(cluster.client, NORTH);
    const gone = { destination: 'south', namespace: SOUTH };
    const listed = await inMode(onlyNorth, 'releases', gone);
    expect(errorsOf(listed)).toEqual([]);
    expect(listed.log).toMatch(/1 open v1 /);
    const destroyed = await inMode(onlyNorth, 'destroy', gone);
    expect(errorsOf(destroyed)).toEqual([]);
    expect(await contentsOf(cluster.client, SOUTH)).toEqual([]);
    expect(await contentsOf(cluster.client, NORTH)).toEqual(before);
  });

  it("is cleared by the application's name too, whatever the checkout has", async () => {
    const { kubeconfig } = cluster;
    expect(errorsOf(await deploy(both, { kubeconfig, destination: 'south' }))).toEqual([]);
    const before = await contentsOf(cluster.client, NORTH);
    const named = { application: 'shop', formation: 'staging', namespace: SOUTH };
    expect(errorsOf(await inMode(onlyNorth, 'destroy', named))).toEqual([]);
    expect(await contentsOf(cluster.client, SOUTH)).toEqual([]);
    expect(await contentsOf(cluster.client, NORTH)).toEqual(before);
  });
});

describe('a destination that has changed in its formation', () => {
  const moved = SHOWN.replace('south: {namespace: ledger-south}', 'south: {namespace: ledger-west}');
  const renamed = SHOWN.replace('south: {namespace: ledger-south}', 'west: {namespace: ledger-south}');
  const kubeconfigOf = () => ({ kubeconfig: cluster.kubeconfig });

  it.each([
    ['without its destination', {}],
    ['with its destination', { destination: 'south' }],
  ])("is cleared in its former namespace by the application's name %s", async (_, inputs) => {
    expect(errorsOf(await deploy(both, { ...kubeconfigOf(), destination: 'south' }))).toEqual([]);
    const before = await contentsOf(cluster.client, NORTH);
    const named = { application: 'shop', formation: 'staging', namespace: SOUTH, ...inputs };
    expect(errorsOf(await inMode(await workspaceWith(moved), 'destroy', named))).toEqual([]);
    expect(await contentsOf(cluster.client, SOUTH)).toEqual([]);
    expect(await contentsOf(cluster.client, NORTH)).toEqual(before);
  });

  it('is reached under its former name, with its namespace', async () => {
    expect(errorsOf(await deploy(both, { ...kubeconfigOf(), destination: 'south' }))).toEqual([]);
    const workspace = await workspaceWith(renamed);
    const former = { destination: 'south', namespace: SOUTH };
    expect(errorsOf(await inMode(workspace, 'releases', former))).toEqual([]);
    expect(errorsOf(await inMode(workspace, 'destroy', former))).toEqual([]);
    expect(await contentsOf(cluster.client, SOUTH)).toEqual([]);
  });

  it('is reached under its new name once it was deployed under it', async () => {
    expect(errorsOf(await deploy(both, { ...kubeconfigOf(), destination: 'south' }))).toEqual([]);
    const workspace = await workspaceWith(renamed);
    expect(errorsOf(await deploy(workspace, { ...kubeconfigOf(), destination: 'west' }))).toEqual([]);
    for (const mode of ['releases', 'destroy'] as const)
      expect(errorsOf(await inMode(workspace, mode, { destination: 'west' }))).toEqual([]);
    expect(await contentsOf(cluster.client, SOUTH)).toEqual([]);
  });
});
