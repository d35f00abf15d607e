import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type PlannedChange, parsePlan } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import { useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, type Workspace } from './fixture.ts';

const cluster = useOpenCluster();
const { client, testbed } = cluster;

const at = (namespace: string, level: string): Promise<Workspace> =>
  makeWorkspace({
    directory: testbed.directory,
    namespace,
    changes: {
      'stencils/api.yaml': text =>
        text
          .replace('level: info', `level: ${level}`)
          .replace('envFrom: [', 'envFrom: [{configMapRef: {name: settings}}, '),
    },
  });

async function changesOf(result: StepResult): Promise<Record<string, PlannedChange>> {
  const path = result.outputs['plan'] ?? '';
  const { changes } = parsePlan(await readFile(path, 'utf8'), path);
  return Object.fromEntries(changes.map(change => [`${change.object.kind} ${change.object.name}`, change]));
}

/** A person who may look at everything of a namespace but its Secrets, as the ClusterRole `view` has it. */
async function viewer(namespace: string): Promise<string> {
  const group = 'rbac.authorization.k8s.io';
  await client.create({
    apiVersion: `${group}/v1`,
    kind: 'Role',
    metadata: { name: 'viewer', namespace },
    rules: [{ apiGroups: ['', 'apps'], resources: ['configmaps', 'deployments'], verbs: ['get', 'list'] }],
  });
  await client.create({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'viewer', namespace },
    roleRef: { apiGroup: group, kind: 'Role', name: 'viewer' },
    subjects: [{ apiGroup: group, kind: 'User', name: 'viewer' }],
  });
  return await testbed.cluster.userKubeconfig('viewer');
}

describe('mode: plan', () => {
  it('shows a change of config as such, with the pods that restart', async () => {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'config' } });
    expect(errorsOf(await deploy(await at('config', 'info'), { kubeconfig: cluster.kubeconfig }))).toEqual(
      [],
    );
    const result = await deploy(
      await at('config', 'debug'),
      { kubeconfig: cluster.kubeconfig, mode: 'plan', secrets: '' },
      {},
    );
    expect(errorsOf(result)).toEqual([]);
    expect(await changesOf(result)).toMatchObject({
      'ConfigMap settings': { action: 'change', fields: [{ before: 'info', after: 'debug' }] },
      'Deployment api': { action: 'change', restarts: true },
      'Secret database': { action: 'unchanged', note: expect.stringContaining('content known at deploy') },
    });
    expect(result.log).toContain("2 to change, 1 unchanged, 1 whose pods restart (by the server's dry run)");
    expect(result.summary).toMatch(
      /^\n\n## Plan for shop\/staging at main, namespace config\n\n2 to change, /,
    );
    expect(result.summary).toContain('content known at deploy');
    const markdown = await readFile((result.outputs['plan'] ?? '').replace(/json$/, 'md'), 'utf8');
    expect(markdown).toContain('<details><summary>ConfigMap config/settings</summary>');
  });

  it('needs no right but to get and list, says which way it was, and shows the Role that applying takes', async () => {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'looking' } });
    expect(errorsOf(await deploy(await at('looking', 'info'), { kubeconfig: cluster.kubeconfig }))).toEqual(
      [],
    );
    const user = await viewer('looking');
    const inputs = { kubeconfig: user, mode: 'plan', secrets: '' };
    const result = await deploy(await at('looking', 'debug'), inputs, {});
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(await changesOf(result)).toMatchObject({
      'ConfigMap settings': { action: 'change' },
      'Deployment api': { action: 'change', restarts: true },
      'Secret database': { action: 'unchanged', note: expect.stringContaining('may not read it') },
    });
    expect(result.log).toContain('(by a local merge)');
    expect(result.log).toContain('compared by a local merge');
    expect(result.log).toContain('kind: Role');
    const same = await deploy(await at('looking', 'info'), inputs, {});
    expect(same.outputs['changes']).toBe('0');
  });

  it('compares two rendered trees without any cluster', async () => {
    const [base, head] = [await at('trees', 'info'), await at('trees', 'debug')];
    const inputs = { mode: 'plan', against: base.manifests, kubeconfig: '', secrets: '' };
    const result = await deploy(head, inputs, {});
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ changes: '2' });
    expect(await changesOf(result)).toMatchObject({
      'ConfigMap settings': {
        action: 'change',
        fields: [{ pointer: '/data/level', before: 'info', after: 'debug' }],
      },
      'Deployment api': { action: 'change', restarts: true },
    });
    expect(result.log).toContain('(without a cluster)');
    const same = await deploy(base, inputs, {});
    expect(same.outputs).toMatchObject({ changes: '0' });
  });

  it('compares plain manifests with others', async () => {
    const workspace = await at('plain-trees', 'info');
    const map = (value: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata: {a: ${value}}\n`;
    await writeFile(join(workspace.workspace, 'old.yaml'), map('one'));
    await writeFile(join(workspace.workspace, 'new.yaml'), map('two'));
    const plain = { ...workspace, manifests: 'new.yaml', digest: '' };
    const result = await deploy(plain, { mode: 'plan', against: 'old.yaml', secrets: '' }, {});
    expect(errorsOf(result)).toEqual([]);
    expect(await changesOf(result)).toMatchObject({
      'ConfigMap plain': { action: 'change', fields: [{ pointer: '/data/a', before: 'one', after: 'two' }] },
    });
  });
});
