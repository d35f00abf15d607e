import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type Release, type SourceDocument, silentLogger } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { closeRelease, readRelease, recordRules, rollBack } from '../src/index.ts';
import { clock, codesOf, deployment, never } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

const undo = (release: Release, changes: Partial<Parameters<typeof rollBack>[0]> = {}) =>
  rollBack({
    client,
    release,
    repository: 'acme/shop',
    actor: 'a',
    run: '',
    reason: 'x',
    lockTimeout: 5_000,
    timeout: 20_000,
    clock,
    signal: never,
    logger: silentLogger,
    ...changes,
  });

/** A policy that forbids one level, with its binding. */
function forbidding(level: string, actions = ['Deny'], annotations: JsonObject = {}): SourceDocument[] {
  const group = 'admissionregistration.k8s.io';
  const rule = {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['configmaps'],
  };
  const documents = [
    {
      apiVersion: `${group}/v1`,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'level' },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [
          { expression: `object.data.level != '${level}'`, message: `level ${level} is out of date` },
        ],
      },
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'level', annotations },
      spec: { policyName: 'level', validationActions: actions },
    },
  ];
  return documents.map((value, index) => {
    const at = { path: 'policies/level.yaml', line: 3, column: 1 };
    return { path: at.path, index, value, positionOf: () => at, keyPositionOf: () => at };
  });
}

const settings = (level: string): JsonObject[] => [configMap('settings', { level })];

const withRules = (documents: SourceDocument[]) => ({ rules: recordRules({ documents, packs: [] }) });

describe('the rules of a release', () => {
  it('are kept in its record, and what they forbid today is not restored', async () => {
    const namespace = await createNamespace(client, 'rules');
    const first = await deploy(client, requestFor(namespace, settings('old')));
    await closeRelease(client, first.release, 'succeeded', clock);
    const second = await deploy(client, requestFor(namespace, settings('new'), withRules(forbidding('old'))));
    expect((await readRelease(client, second.release, 2)).policies?.documents).toHaveLength(2);
    const refused = undo(second.release);
    await expect(refused).rejects.toMatchObject({
      code: 'policy-refused',
      problems: [{ message: expect.stringContaining('level old is out of date') }],
    });
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(live?.['data']).toEqual({ level: 'new' });
    const restored = await undo(second.release, { rules: { documents: forbidding('other'), packs: [] } });
    expect(restored?.restores).toBe(1);
    expect(restored?.policies?.documents).toHaveLength(2);
  });

  it('require no sign-off of a rollback', async () => {
    const namespace = await createNamespace(client, 'rules-sign-off');
    const first = await deploy(client, requestFor(namespace, settings('old')));
    await closeRelease(client, first.release, 'succeeded', clock);
    const signed = forbidding('old', ['Audit'], { 'slipway.dev/sign-off': '@acme/operators' });
    const { release } = await deploy(client, requestFor(namespace, settings('new'), withRules(signed)));
    expect((await undo(release))?.restores).toBe(1);
  });
});

describe('a rollback', () => {
  it('takes over fields of other managers only if a release did, or on request', async () => {
    const namespace = await createNamespace(client, 'rules-force');
    const first = await deploy(client, requestFor(namespace, [deployment('api')]));
    await closeRelease(client, first.release, 'succeeded', clock);
    const { release } = await deploy(client, requestFor(namespace, [deployment('api', { replicas: 3 })]));
    const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' };
    await client.patch(api, { spec: { replicas: 9 } });
    expect(await codesOf(undo(release))).toEqual(['cluster-field-conflict']);
    await undo(release, { forceConflicts: true });
    expect((await client.get(api))?.['spec']).toMatchObject({ replicas: 2 });
  });
});
