import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { isKubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { contentsOf, useOpenCluster, workspaceFor } from './cluster.ts';
import { type Changes, deploy, errorsOf, usedSecret } from './fixture.ts';
import { readRole } from './roles.ts';

const cluster = useOpenCluster();
const { client, testbed } = cluster;

const workspaceIn = (namespace: string, options: Parameters<typeof workspaceFor>[2] = {}) =>
  workspaceFor(cluster, namespace, options);

describe('deploy', () => {
  it('brings a rendered tree to the cluster, its secret opened only there', async () => {
    const workspace = await workspaceIn('first');
    const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig });
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ release: '1', 'previous-release': '', changes: '3' });
    const secret = await usedSecret(client, 'first');
    const text = Buffer.from(String(valueAt(secret, ['data', 'url'])), 'base64').toString();
    expect(text).toBe('postgres://shop:p%40ss%2Fword@db/shop');
    const plan = await readFile(result.outputs['plan'] ?? '', 'utf8');
    for (const shown of [result.raw, result.summary, plan])
      for (const form of ['p@ss/word', 'p%40ss%2Fword', Buffer.from(text).toString('base64')])
        expect(shown.replaceAll(/::add-mask::.*/g, '')).not.toContain(form);
    expect(result.summary).toContain('Deployment first/api');
    // Three lines, and no verdict: verify-rollout has that.
    const [open = '', folded = ''] = result.summary.split('<details><summary>The plan: 3 to create ');
    expect(open).toMatch(
      /^\n\n### ⏳ shop\/staging at \S+: <code>v1<\/code> written, not verified yet\n\nRelease 1 in namespace <code>first<\/code>: 3 of 3 objects written in [^\n]+\n\n$/,
    );
    expect(folded).toMatch(/<\/details>\n\n$/);
    expect(result.summary).not.toMatch(/✅|succeeded/);
    expect(result.log).toContain('+ Deployment first/api');
  });

  it('changes nothing the second time', async () => {
    const workspace = await workspaceIn('second');
    await deploy(workspace, { kubeconfig: cluster.kubeconfig });
    const before = (await contentsOf(client, 'second')).filter(text => /ConfigMap|database/.test(text));
    const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig });
    expect(result.outputs).toMatchObject({ release: '2', 'previous-release': '1', changes: '0' });
    expect((await contentsOf(client, 'second')).filter(text => /ConfigMap|database/.test(text))).toEqual(
      before,
    );
  });

  it('plans without opening a secret and without writing', async () => {
    const workspace = await workspaceIn('planned', { snapshot: undefined });
    const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig, mode: 'plan', secrets: '' }, {});
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ changes: '3' });
    expect(result.outputs['release']).toBeUndefined();
    expect(await contentsOf(client, 'planned')).toEqual([]);
  });

  it('is stopped by a migration that fails, at the line of its stencil', async () => {
    const migration = `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {slipway.dev/order: "-1"}}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {testbed.slipway.dev/behaviour: crash-loop}}
    spec:
      restartPolicy: Never
      containers:
        - name: run
          image: \${image.api}
`;
    const workspace = await workspaceIn('migrating', { files: { 'stencils/migrate.yaml': migration } });
    const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig });
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/^stencils\/migrate\.yaml:1[12]:\d+: .*migrate/),
    ]);
    expect(result.outputs['release']).toBe('1');
    expect(await contentsOf(client, 'migrating')).not.toEqual(
      expect.arrayContaining([expect.stringContaining('Deployment')]),
    );
  });

  it('takes plain manifests, under the name of the repository', async () => {
    const workspace = await workspaceIn('plain');
    await writeFile(
      join(workspace.workspace, 'plain.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n',
    );
    const result = await deploy(
      { ...workspace, manifests: 'plain.yaml', digest: '' },
      { kubeconfig: cluster.kubeconfig, namespace: 'plain' },
    );
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ release: '1' });
    const record = await client.get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'plain',
      name: 'slipway.shop.default.1',
    });
    expect(record?.['type']).toBe('slipway.dev/release');
  });

  it('needs no more rights than the Role in its README gives', async () => {
    const workspace = await workspaceIn('narrow');
    const user = await testbed.cluster.userKubeconfig('deployer');
    const role = await readRole('deployer', 'narrow');
    for (const object of role) await client.create(object);
    for (const version of ['1', '2']) {
      const result = await deploy(workspace, { kubeconfig: user ?? '', reason: `time ${version}` });
      expect(errorsOf(result)).toEqual([]);
      expect(result.outputs).toMatchObject({ release: version });
    }
  });
});

const POLICY = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: level}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations:
    - expression: "oldObject == null || oldObject.data.level == object.data.level"
      message: the level is an operator's to change
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: level}
spec: {policyName: level, validationActions: [Deny]}
`;

describe('policies of the application', () => {
  it('are asked again before the first write, and see the object as it is in the cluster', async () => {
    const files = { 'policies/level.yaml': POLICY };
    const first = await deploy(await workspaceIn('policies', { files }), { kubeconfig: cluster.kubeconfig });
    expect(errorsOf(first)).toEqual([]);
    // A Deployment's status moves by itself.
    const written = async () =>
      (await contentsOf(client, 'policies')).filter(text => !text.startsWith('Deployment'));
    const before = await written();
    const changes: Changes = { 'stencils/api.yaml': text => text.replace('level: info', 'level: debug') };
    const second = await deploy(await workspaceIn('policies', { files, changes }), {
      kubeconfig: cluster.kubeconfig,
    });
    expect(errorsOf(second)).toEqual([
      expect.stringMatching(/stencils\/api\.yaml:\d+:\d+: .*the level is an operator's to change/),
    ]);
    expect(second.outputs).toMatchObject({ changes: '1', 'previous-release': '1' });
    expect(second.outputs['release']).toBeUndefined();
    expect(await written()).toEqual(before);
  });

  it('let through what a waiver lets through', async () => {
    const inAWeek = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString().slice(0, 10);
    const waiver = `apiVersion: slipway.dev/v1
kind: Waiver
metadata: {name: louder}
spec:
  rule: level
  object: {kind: ConfigMap, name: settings}
  reason: The next release is to be watched closely.
  owner: "@acme/operators"
  until: "${inAWeek}"
`;
    const files = { 'policies/level.yaml': POLICY, 'policies/louder.yaml': waiver };
    const first = await deploy(await workspaceIn('waived', { files }), { kubeconfig: cluster.kubeconfig });
    expect(errorsOf(first)).toEqual([]);
    const changes: Changes = { 'stencils/api.yaml': text => text.replace('level: info', 'level: debug') };
    const second = await deploy(await workspaceIn('waived', { files, changes }), {
      kubeconfig: cluster.kubeconfig,
    });
    expect(errorsOf(second)).toEqual([]);
    expect(second.outputs).toMatchObject({ release: '2', changes: '1' });
  });
});

describe('missing rights', () => {
  it('are refused together, with a Role in the log that is enough', async () => {
    const workspace = await workspaceIn('no-rights');
    const user = await testbed.cluster.userKubeconfig('newcomer');
    const refused = await deploy(workspace, { kubeconfig: user });
    expect(errorsOf(refused)).toEqual([
      'the credentials may not get, list, create, update, patch, delete secrets in namespace "no-rights"; grant the Role that the log shows',
      'the credentials may not get, create, update, delete leases.coordination.k8s.io in namespace "no-rights"; grant the Role that the log shows',
      'the credentials may not get, list, create, patch, delete deployments.apps in namespace "no-rights"; grant the Role that the log shows',
      'the credentials may not get, list, create, patch, delete configmaps in namespace "no-rights"; grant the Role that the log shows',
    ]);
    expect(await contentsOf(client, 'no-rights')).toEqual([]);
    const shown = /apiVersion: rbac[\s\S]*?(?=\nerror)/.exec(refused.log)?.[0] ?? '';
    const [role] = parseDocuments(shown, 'log').map(({ value }) => value);
    if (!isKubernetesObject(role)) throw new Error('the log shows no Role');
    await client.create(role);
    const binding = (await readRole('deployer', 'no-rights')).filter(({ kind }) => kind === 'RoleBinding');
    for (const object of binding)
      await client.create({
        ...object,
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'newcomer' }],
      });
    const granted = await deploy(workspace, { kubeconfig: user });
    expect(errorsOf(granted)).toEqual([]);
    expect(granted.outputs).toMatchObject({ release: '1' });
  });
});
