import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { combinedDigest, type Snapshot } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { readRepository, renderAll, selectTargets, spawn, writeRenderedTree } from '@slipway/render';
import { createNamespace } from '@slipway/testkit/cluster';
import { parseDocuments } from '@slipway/yaml';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const [IMAGE, SPAWN, PASSWORD] = ['${image.api}', '${spawn}', '${secret.database.password}'];

export type Files = Readonly<Record<string, string>>;

/** An application with a staging formation and one that is spawned from it. */
export const files = (namespace: string, atMost = 3): Files => ({
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: { name: shop }
spec:
  registry: registry.example/shop
  services: { api: { image: docker.io/library/api:1 } }
`,
  'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: staging }
spec: { destinations: { main: { namespace: ${namespace} } } }
`,
  'formations/preview.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: preview }
spec:
  extends: staging
  name-prefix: pr-${SPAWN}-
  labels: { example.com/preview: "pr-${SPAWN}" }
  spawn:
    form: shared
    expires: 48h
    at-most: ${atMost}
    hosts: [preview.acme.io]
    url: https://pr-${SPAWN}.preview.acme.io
    registry: registry.example/preview
  destinations: { dev: { namespace: ${namespace} } }
`,
  'config/database.yaml': `apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.staging.database.password": { from: env, name: STAGING_PASSWORD, as: url }
    "*.preview.database.password": { from: env, name: PREVIEW_PASSWORD, as: url }
`,
  'stencils/api.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, annotations: { slipway.dev/order: "1" } }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: ${IMAGE}
          resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { cpu: 100m, memory: 64Mi } }
          envFrom: [{ secretRef: { name: database } }, { configMapRef: { name: settings } }]
---
apiVersion: v1
kind: Service
metadata: { name: api, annotations: { slipway.dev/order: "1" } }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Secret
metadata: { name: database }
stringData: { url: "postgres://shop:${PASSWORD}@db/shop" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: info }
`,
});

const snapshot = (registry: string, commit: string, key: string | undefined): Snapshot => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', registry },
  ...{ deploymentTag: 'pr-1-v1', created: '2026-11-20T10:00:00Z', gitRevision: commit },
  ...(key === undefined ? {} : { spawn: key }),
  images: { api: { name: `${registry}/api`, digest: DIGEST, origin: 'built' } },
});

/** A checkout with the tree of one formation or of one instance. */
export interface Prepared {
  readonly workspace: string;
  readonly manifests: string;
  readonly digest: string;
  readonly commit: string;
}

/** A folder that is a checkout of one commit with these files. */
function checkOut(given: Files): Pick<Prepared, 'workspace' | 'commit'> {
  const workspace = mkdtempSync(join(tmpdir(), 'slipway-instance-'));
  for (const [path, text] of Object.entries(given)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [
      '-C',
      workspace,
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=ada@acme.io',
      ...args,
    ]).toString();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Begin');
  return { workspace, commit: git('rev-parse', 'HEAD').trim() };
}

/** @param key undefined for staging itself */
export async function prepared(given: Files, key: string | undefined): Promise<Prepared> {
  const { workspace, commit } = checkOut(given);
  const declared = await readRepository({ workspace, application: 'slipway.yaml' });
  const read = key === undefined ? declared : spawn(declared, { text: key }, ['preview']);
  const [[name = 'staging', instance] = []] = read.spawned ?? [];
  const registry = key === undefined ? 'registry.example/shop' : 'registry.example/preview';
  const all = await renderAll(read, {
    targets: selectTargets(read, [name], []),
    snapshot: snapshot(registry, commit, instance?.key),
  });
  const manifests = mkdtempSync(join(tmpdir(), 'slipway-tree-'));
  const destinations = await writeRenderedTree(manifests, all.destinations);
  return {
    workspace,
    manifests,
    digest: combinedDigest(destinations.map(({ rendered }) => rendered)),
    commit,
  };
}

export const open = (number: number) => ({
  ...{ number, author: 'ada', head: 'c'.repeat(40), commits: ['c'.repeat(40)] },
});

/** Inputs of a deploy of an instance. */
export const spawned = ({ manifests, digest }: Prepared, key: string, kubeconfig: string) => ({
  ...{ manifests, digest, kubeconfig, spawn: key, formation: 'preview' },
  secrets: 'env=PREVIEW_PASSWORD',
  'lock-timeout': '90s',
});

/** A namespace with the fence of the documentation, and what may be done in it by who deploys instances. */
export async function fencedNamespace(client: ClusterClient, name: string): Promise<string> {
  await createNamespace(client, name);
  for (const object of [...(await documented(name)), ...(await readRole(name))])
    if (object.kind === 'Namespace')
      await client.patch(
        { apiVersion: 'v1', kind: 'Namespace', name },
        { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
      );
    else await client.create(object);
  return name;
}

/** The objects that docs/spawned.md shows. */
async function documented(namespace: string): Promise<KubernetesObject[]> {
  const page = await readFile(resolve(import.meta.dirname, '../../docs/spawned.md'), 'utf8');
  const block =
    [...page.matchAll(/```yaml\n([\s\S]*?)```/g)]
      .map(([, text = '']) => text)
      .find(text => text.includes('kind: ResourceQuota')) ?? '';
  return objectsIn(block.replaceAll('shop-previews', namespace), 'docs/spawned.md');
}

async function readRole(namespace: string): Promise<KubernetesObject[]> {
  const path = resolve(import.meta.dirname, '../../examples/roles/spawned.yaml');
  return objectsIn((await readFile(path, 'utf8')).replaceAll('shop-previews', namespace), path);
}

function objectsIn(text: string, name: string): KubernetesObject[] {
  return parseDocuments(text, name)
    .map(({ value }) => value)
    .filter(isKubernetesObject);
}

const KINDS = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'PersistentVolumeClaim'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['batch/v1', 'Job'],
  ['coordination.k8s.io/v1', 'Lease'],
] as const;

/** Everything of our kinds in a namespace but what the cluster itself puts into each, as `Kind name uid`. */
export async function contents(client: ClusterClient, namespace: string): Promise<string[]> {
  const lists = await Promise.all(
    KINDS.map(([apiVersion, kind]) => client.listMetadata({ apiVersion, kind, namespace })),
  );
  return lists
    .flatMap(({ items }, index) => items.map(item => ({ item, kind: KINDS[index]?.[1] })))
    .map(({ item, kind }) => `${kind} ${item.metadata.name} ${String(item.metadata['uid'])}`)
    .filter(text => !text.includes('kube-root-ca.crt'))
    .sort();
}
