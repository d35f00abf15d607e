import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { appliedContent } from '../src/index.ts';

const BEGAN = '2026-01-01T10:00:00Z';
const manifest: KubernetesObject = {
  ...{ apiVersion: 'example.com/v1', kind: 'Pony', metadata: { name: 'dusty', namespace: 'shop' } },
  spec: { replicas: 3, name: 'dusty', hay: '' },
};

interface Writer {
  readonly manager: string;
  readonly time: string;
  readonly owns: readonly string[];
  readonly subresource?: string;
}

const HELM: Writer = { manager: 'helm', time: '2026-01-01T10:00:02Z', owns: ['name', 'replicas'] };
const later = (...owns: string[]): Writer => ({
  manager: 'kubectl-edit',
  time: '2026-01-01T10:00:03Z',
  owns,
});

const entry = ({ manager, time, owns, ...more }: Writer): JsonObject => ({
  ...{ manager, time, operation: 'Update', ...more },
  fieldsV1: { 'f:spec': Object.fromEntries(owns.map(field => [`f:${field}`, {}])) },
});

/** What is said of a live object with these values and owners. */
async function said(values: JsonObject, ...writers: readonly Writer[]): Promise<string | undefined> {
  const metadata = { ...manifest.metadata, managedFields: writers.map(entry) };
  const live: KubernetesObject = { ...manifest, metadata, spec: values };
  const client = {
    get: async () => live,
    resource: async () => ({ resource: 'ponies', namespaced: true, scalable: false }),
  } as unknown as ClusterClient;
  const release = {
    manifests: [manifest],
    began: new Date(BEGAN),
    isTool: (name: string) => name === 'helm',
  };
  const content = appliedContent(client, release, manifest);
  return content.isTouched(live) ? await content.changes(live) : undefined;
}

const GOOD: JsonObject = { replicas: 3, name: 'dusty' };

describe('what another tool applied', () => {
  it.each<[string, JsonObject, readonly Writer[], string]>([
    [
      'a value of someone who wrote it later',
      { ...GOOD, name: 'spot' },
      [HELM, later('name')],
      'since the release /spec/name was overwritten by "kubectl-edit"',
    ],
    [
      'a smaller number of replicas that no one owns, as after kubectl scale',
      { ...GOOD, replicas: 1 },
      [{ ...HELM, owns: ['name'] }],
      'since the release /spec/replicas was changed',
    ],
  ])('was changed if it has %s', async (_what, values, writers, sentence) => {
    expect(await said(values, ...writers)).toBe(sentence);
  });

  it.each<[string, JsonObject, readonly Writer[]]>([
    ['its values', GOOD, [HELM]],
    ['its values, written by someone else too', GOOD, [HELM, later('name')]],
    ['a value that a webhook made of it', { ...GOOD, name: 'spot' }, [HELM]],
    [
      'a value of someone who wrote it before',
      { ...GOOD, name: 'spot' },
      [HELM, { ...later('name'), time: BEGAN }],
    ],
    [
      'a value of someone who wrote it in the same second',
      { ...GOOD, name: 'spot' },
      [HELM, { ...later('name'), time: HELM.time }],
    ],
    [
      'a value that its controller reports',
      { ...GOOD, name: 'spot' },
      [HELM, { ...later('name'), subresource: 'status' }],
    ],
    ['a value that the server filled in', { ...GOOD, hay: 'some' }, [HELM]],
    ['a field less', { replicas: 3 }, [{ ...HELM, owns: ['replicas'] }, later('mane')]],
    ['more replicas', { ...GOOD, replicas: 5 }, [HELM, later('replicas')]],
    ['no owners at all', { ...GOOD, name: 'spot', replicas: 1 }, []],
  ])('counts as it was applied if it has %s', async (_what, values, writers) => {
    expect(await said(values, ...writers)).toBeUndefined();
  });
});
