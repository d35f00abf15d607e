import { mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { useOpenCluster } from './cluster.ts';
import { errorsOf } from './fixture.ts';

const cluster = useOpenCluster();

const namespaceOf = async (name: string): Promise<string> => {
  await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
};

async function deployPlain(
  namespace: string,
  text: string,
  inputs: Record<string, string> = {},
): Promise<StepResult> {
  const { directory } = cluster.testbed;
  const workspace = await mkdtemp(join(directory, 'plain-'));
  await writeFile(join(workspace, 'all.yaml'), text);
  const job = createJob({ workspace, directory, path: process.env['PATH'] ?? '' });
  return await runStep(job, {
    action: resolve(import.meta.dirname, '..'),
    inputs: { manifests: 'all.yaml', kubeconfig: cluster.kubeconfig, namespace, ...inputs },
    environment: {},
  });
}

const SETTINGS = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: info}\n';

describe('plain manifests', () => {
  it('without any object are refused, in a plan and in a release, and nothing is removed', async () => {
    const namespace = await namespaceOf('plain-empty');
    expect(errorsOf(await deployPlain(namespace, SETTINGS))).toEqual([]);
    for (const mode of ['plan', 'apply']) {
      const result = await deployPlain(namespace, '# all of them are commented out\n', { mode });
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/have no objects, and 1 object would be left; /),
      ]);
      expect(result.outputs['error']).toBe('nothing-to-deploy');
    }
    const live = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    expect(await cluster.client.get(live)).toBeDefined();
  });

  it('that were exported from a cluster are applied without the fields of the server, which a warning names', async () => {
    const namespace = await namespaceOf('plain-exported');
    expect(errorsOf(await deployPlain(namespace, SETTINGS))).toEqual([]);
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    const live = await cluster.client.get(reference);
    const { labels: _labels, annotations: _annotations, ...metadata } = live?.metadata ?? { name: '' };
    const exported = { ...live, metadata: { ...metadata, uid: 'another' }, data: { level: 'debug' } };
    const result = await deployPlain(namespace, JSON.stringify(exported));
    expect(errorsOf(result)).toEqual([]);
    for (const field of ['uid', 'resourceVersion', 'managedFields', 'creationTimestamp'])
      expect(result.raw).toContain(`metadata.${field} of ConfigMap "settings" is set by the API server`);
    expect(valueAt((await cluster.client.get(reference)) ?? {}, ['data', 'level'])).toBe('debug');
  });

  it('may go beyond their namespace as far as the input "allow" says', async () => {
    const [namespace, other] = [await namespaceOf('plain-allow'), 'plain-allowed'];
    const text = [
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${other}}\n`,
      SETTINGS.replace('{name: settings}', `{name: settings, namespace: ${other}}`),
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: plain-allowed}\nrules: []\n',
    ].join('---\n');
    const refused = await deployPlain(namespace, text);
    expect(errorsOf(refused)).toEqual([
      expect.stringContaining('"cluster-scoped=Namespace" to the input allow'),
      expect.stringContaining(`"namespaces=${other}" to the input allow`),
      expect.stringContaining('"cluster-scoped=ClusterRole" to the input allow'),
    ]);
    const allow = `cluster-scoped=Namespace\ncluster-scoped=ClusterRole\nnamespaces=${other}`;
    expect(errorsOf(await deployPlain(namespace, text, { allow }))).toEqual([]);
    const confirm = (await deployPlain(namespace, text, { mode: 'destroy' })).annotations[0]?.message ?? '';
    const name = /set confirm to "([^"]*)"/.exec(confirm)?.[1] ?? '';
    expect(errorsOf(await deployPlain(namespace, text, { mode: 'destroy', confirm: name }))).toEqual([]);
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: other, name: 'settings' };
    expect(await cluster.client.get(reference)).toBeUndefined();
  });
});
