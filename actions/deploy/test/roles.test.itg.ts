import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { isKubernetesObject } from '@slipway/kubernetes';
import { runStep, type StepResult } from '@slipway/testbed/runner';
import { parseDocuments } from '@slipway/yaml';
import { useOpenCluster, workspaceFor } from './cluster.ts';
import { deploy, errorsOf, SNAPSHOT, type Workspace } from './fixture.ts';
import { readRole } from './roles.ts';

const VERIFY = resolve(import.meta.dirname, '../../verify-rollout');
const RBAC = 'rbac.authorization.k8s.io';
const ROLE = `apiVersion: ${RBAC}/v1
kind: Role
metadata: {name: api}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
`;
const ROLES = ['deployer', 'planner'] as const;

const cluster = useOpenCluster();
const { client, testbed } = cluster;

/** Kubeconfigs of a deployer and a planner, with the Roles that are shipped. */
async function usersOf(namespace: string): Promise<Record<(typeof ROLES)[number], string>> {
  const users = { deployer: '', planner: '' };
  for (const who of ROLES) {
    for (const object of await readRole(who, namespace)) await client.create(object);
    users[who] = await testbed.cluster.userKubeconfig(who);
  }
  return users;
}

const at = (namespace: string, level: string): Promise<Workspace> =>
  workspaceFor(cluster, namespace, {
    snapshot: { ...SNAPSHOT, deploymentTag: level },
    changes: { 'stencils/api.yaml': text => text.replace('level: info', `level: ${level}`) },
  });

const verify = ({ job }: Workspace, release: string, user: string): Promise<StepResult> =>
  runStep(job, {
    action: VERIFY,
    inputs: { release, formation: 'staging', destination: 'main', kubeconfig: user, 'stable-for': '0s' },
  });

describe('the Role that is shipped', () => {
  it('for deployers is enough to apply, verify, prune, roll back, list and destroy', async () => {
    const namespace = 'role-deployer';
    const [one, two] = [await at(namespace, 'one'), await at(namespace, 'two')];
    const { deployer } = await usersOf(namespace);
    for (const [number, workspace] of [one, two].entries()) {
      const applied = await deploy(workspace, { kubeconfig: deployer });
      expect(errorsOf(applied)).toEqual([]);
      const verified = await verify(workspace, String(number + 1), deployer);
      expect([errorsOf(verified), verified.outputs['verdict']]).toEqual([[], 'succeeded']);
    }
    const bare = { ...two, manifests: '', digest: '' };
    const modes = [
      { mode: 'rollback' },
      { mode: 'releases', to: '1', against: '2' },
      { mode: 'lift-hold' },
      { mode: 'hold', reason: 'to be looked at' },
    ];
    for (const inputs of modes) {
      const result = await deploy(bare, { kubeconfig: deployer, secrets: '', ...inputs }, {});
      expect([inputs.mode, errorsOf(result)]).toEqual([inputs.mode, []]);
    }
    const back = await verify(two, '3', deployer);
    expect([errorsOf(back), back.outputs['verdict']]).toEqual([[], 'succeeded']);
    const lifted = await deploy(bare, { kubeconfig: deployer, secrets: '', mode: 'lift-hold' }, {});
    expect(errorsOf(lifted)).toEqual([]);
    const confirm = 'shop/staging';
    const gone = await deploy(bare, { kubeconfig: deployer, secrets: '', mode: 'destroy', confirm }, {});
    expect(errorsOf(gone)).toEqual([]);
  });

  it('for planners is enough for a plan, and for nothing else', async () => {
    const namespace = 'role-planner';
    const workspace = await at(namespace, 'one');
    const { deployer, planner } = await usersOf(namespace);
    const inputs = { kubeconfig: planner, mode: 'plan', secrets: '' };
    const first = await deploy(workspace, inputs, {});
    expect([errorsOf(first), first.outputs['changes']]).toEqual([[], '2']);
    expect(errorsOf(await deploy(workspace, { kubeconfig: deployer }))).toEqual([]);
    const second = await deploy(await at(namespace, 'two'), inputs, {});
    expect([errorsOf(second), second.outputs['changes']]).toEqual([[], '1']);
    expect(second.log).not.toContain('it is not known');
    const refused = await deploy(workspace, { kubeconfig: planner });
    expect(errorsOf(refused).length).toBeGreaterThan(1);
    expect(refused.outputs['release']).toBeUndefined();
  });

  it('is whole in the log of a release that lacks a right: applying it adds what is missing and loses nothing', async () => {
    const namespace = 'role-added';
    const route = { 'stencils/role.yaml': ROLE };
    const workspace = await workspaceFor(cluster, namespace, { files: route });
    const { deployer } = await usersOf(namespace);
    const extra = { apiGroups: ['acme.io'], resources: ['widgets'], verbs: ['get'] };
    const [shipped = {}] = (await readRole('deployer', namespace)) as unknown as JsonObject[];
    const rules = [...(shipped['rules'] as JsonObject[]), extra];
    const reference = { apiVersion: `${RBAC}/v1`, kind: 'Role', namespace, name: 'slipway-deployer' };
    await client.patch(reference, { rules });
    const refused = await deploy(workspace, { kubeconfig: deployer });
    expect(refused.outputs['error']).toBe('rights-missing');
    const text = refused.log.slice(refused.log.indexOf('apiVersion: rbac'));
    const printed = parseDocuments(text.slice(0, text.indexOf('\n##') >>> 0), 'log').map(
      ({ value }) => value,
    );
    const role = printed.find(isKubernetesObject);
    if (role === undefined) throw new Error('no Role was printed');
    await client.update(role);
    const applied = await deploy(workspace, { kubeconfig: deployer });
    expect(errorsOf(applied)).toEqual([]);
    expect((await client.get(reference))?.['rules']).toEqual(expect.arrayContaining(rules));
  });
});
