import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonValue, parseJson } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { parseDocuments } from '@slipway/yaml';
import { folderWith } from './support/folders.ts';
import { neighbours, twoFormations } from './support/neighbours.ts';
import { rendered } from './support/shop.ts';

const cluster = useCluster();

const home = mkdtempSync(join(tmpdir(), 'slipway-home-'));
afterAll(() => rmSync(home, { recursive: true }));

function kubectl(args: readonly string[], input = ''): string {
  const { kubectl = '', kubeconfig = '' } = cluster;
  const env = { HOME: home, KUBECACHEDIR: join(home, 'cache') };
  const { stdout, stderr, status } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
    input,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const canary = { formation: 'canary', destination: 'main' };

/** The objects in a fixed order. */
function comparable(objects: readonly JsonValue[]): string[] {
  return objects.map(object => canonicalJson(object)).sort();
}

describe('a name prefix and labels', () => {
  it('give the objects that kubectl kustomize gives', async () => {
    const folder = folderWith({
      'all.yaml': neighbours,
      'kustomization.yaml': `resources: [all.yaml]
namespace: shop-staging
namePrefix: canary-
labels: [{pairs: {track: canary}, includeSelectors: true, includeTemplates: true}]
`,
    });
    const theirs = parseDocuments(kubectl(['kustomize', folder]), 'kustomize.yaml').map(({ value }) => value);
    const { objects } = await rendered(twoFormations, canary);
    const ours = objects.filter(({ object }) => object.kind !== 'Namespace').map(({ object }) => object);
    expect(comparable(ours)).toEqual(
      // `namespace` renames Namespaces in Kustomize.
      comparable(theirs.filter(value => (value as { kind?: string }).kind !== 'Namespace')),
    );
  });

  it('let two formations share a namespace of a real cluster, each with its own pods', async () => {
    kubectl(['create', 'namespace', 'shop-staging']);
    for (const target of [{ formation: 'staging', destination: 'main' }, canary]) {
      const { objects } = await rendered(twoFormations, target);
      const items = objects
        .map(({ object }) => object)
        .filter(({ kind }) => kind !== 'Namespace' && kind !== 'ValidatingWebhookConfiguration');
      const list = { apiVersion: 'v1', kind: 'List', items };
      kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(list));
    }
    const services = parseJson(kubectl(['get', 'services', '-n', 'shop-staging', '-o', 'json'])) as {
      items: { metadata: { name: string }; spec: { selector: JsonValue } }[];
    };
    const selectors = services.items.map(({ metadata, spec }) => [metadata.name, spec.selector]);
    expect(Object.fromEntries(selectors)).toEqual({
      api: { app: 'api' },
      db: { app: 'db' },
      'canary-api': { app: 'api', track: 'canary' },
      'canary-db': { app: 'db', track: 'canary' },
    });
  });
});
