import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { combinedDigest, type Snapshot, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { readRepository, renderAll, selectTargets, writeRenderedTree } from '@slipway/render';
import { createJob, type Job, runStep, type StepOptions, type StepResult } from '@slipway/testbed/runner';

const ACTION = resolve(import.meta.dirname, '..');
const DIGEST = `sha256:${'a'.repeat(64)}`;

const IMAGE = '${image.api}';
const PASSWORD = '${secret.database.password}';

/** A small application: one Deployment, one Secret that holds a sealed word, one ConfigMap. */
export const FILES: Readonly<Record<string, string>> = {
  'slipway.yaml': `
apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: registry.example/shop
  services:
    api: {image: docker.io/library/api:1}
`,
  'formations/staging.yaml': `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec:
  destinations:
    main: {namespace: NAMESPACE}
`,
  'config/database.yaml': `
apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.database.password": {from: env, name: DATABASE_PASSWORD, as: url}
`,
  'stencils/api.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: ${IMAGE}
          envFrom: [{secretRef: {name: database}}]
---
apiVersion: v1
kind: Secret
metadata: {name: database}
stringData:
  url: postgres://shop:${PASSWORD}@db/shop
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
`,
};

export type Changes = Readonly<Record<string, (text: string) => string>>;

/** A release with other settings, which waits for a Job that never ends before it writes the api. */
export const WITH_ENDLESS_JOB: Changes = {
  'stencils/api.yaml': text =>
    text
      .replace('level: info', 'level: slow')
      .replace('metadata: {name: api}', 'metadata: {name: api, annotations: {slipway.dev/order: "1"}}')
      .concat(`---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    metadata: {annotations: {testbed.slipway.dev/behaviour: never-ready}}
    spec:
      restartPolicy: Never
      containers: [{name: run, image: "${'${image.api}'}"}]
`),
};

/** A stage that nothing gets past: its Deployment is never ready, and a Service would come after it. */
export const WITH_ENDLESS_STAGE: Changes = {
  'stencils/api.yaml': text =>
    text
      .replace('metadata: {name: api}', 'metadata: {name: api, annotations: {slipway.dev/order: "-1"}}')
      .replace(
        '{labels: {app: api}}',
        '{labels: {app: api}, annotations: {testbed.slipway.dev/behaviour: never-ready}}',
      )
      .concat('---\napiVersion: v1\nkind: Service\nmetadata: {name: late}\nspec: {ports: [{port: 80}]}\n'),
};

export interface Workspace {
  readonly job: Job;
  readonly workspace: string;
  readonly manifests: string;
  readonly digest: string;
  /** The commit that is checked out; undefined without Git. */
  readonly revision: string | undefined;
}

export interface WorkspaceOptions {
  readonly directory: string;
  readonly namespace: string;
  readonly changes?: Changes;
  /** Files beside those of the application. */
  readonly files?: Readonly<Record<string, string>>;
  readonly snapshot?: Snapshot | undefined;
  readonly repository?: string;
  /** Which are rendered; `staging` by default. */
  readonly formations?: readonly string[];
  /** The step's environment, such as GitHub's address. */
  readonly environment?: Readonly<Record<string, string>>;
  /** PATH of the step. */
  readonly path?: string;
  /** Makes a checkout of the files, and returns its commit; without it there is no Git. */
  readonly checkOut?: (folder: string) => string;
}

export const SNAPSHOT: Snapshot = {
  apiVersion: 'slipway.dev/v1',
  kind: 'Snapshot',
  application: 'shop',
  deploymentTag: 'v1',
  created: '2026-11-20T10:00:00Z',
  registry: 'registry.example/shop',
  images: { api: { name: 'registry.example/shop/api', digest: DIGEST, origin: 'retagged' } },
};

/** A checkout with its rendered tree, as the steps before deploy leave them. */
export async function makeWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { directory, namespace, changes = {}, files = {} } = options;
  const folder = await mkdtemp(join(directory, 'workspace-'));
  for (const [path, text] of Object.entries({ ...FILES, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const own = text.replace('NAMESPACE', namespace);
    await writeFile(join(folder, path), changes[path]?.(own) ?? own);
  }
  const revision = options.checkOut?.(folder);
  const repository = await readRepository({ workspace: folder, application: 'slipway.yaml' });
  const snapshot = 'snapshot' in options ? options.snapshot : SNAPSHOT;
  const all = await renderAll(repository, {
    targets: selectTargets(repository, options.formations ?? ['staging'], []),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(revision === undefined ? {} : { configRevision: revision }),
  });
  const manifests = await mkdtemp(join(directory, 'tree-'));
  const destinations = await writeRenderedTree(manifests, all.destinations);
  const job = createJob({
    workspace: folder,
    directory,
    path: options.path ?? process.env['PATH'] ?? '',
    ...(options.repository === undefined ? {} : { repository: options.repository }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  });
  const digest = combinedDigest(destinations.map(({ rendered }) => rendered));
  return { job, workspace: folder, manifests, digest, revision };
}

/** Runs the bundle as the runner does. */
export async function deploy(
  { job, manifests, digest }: Workspace,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = { DATABASE_PASSWORD: 'p@ss/word' },
  options: Pick<StepOptions, 'signal' | 'onLine'> = {},
): Promise<StepResult> {
  return await runStep(job, {
    action: ACTION,
    inputs: { manifests, digest, secrets: 'env=DATABASE_PASSWORD', ...inputs },
    environment,
    ...options,
  });
}

/** The sentences of the errors, without the code that each of them ends with. */
export function errorsOf({ annotations }: StepResult): string[] {
  return annotations
    .filter(({ severity }) => severity === 'error')
    .map(({ message, title = '' }) => message.replace(` (${title.replace('Slipway: ', '')})`, ''));
}

/** The Secret that the pods of the Deployment `api` get, whatever its content named it. */
export async function usedSecret(client: ClusterClient, namespace: string): Promise<KubernetesObject> {
  const api = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
  const path = ['spec', 'template', 'spec', 'containers', 0, 'envFrom', 0, 'secretRef', 'name'];
  const name = String(valueAt(api ?? {}, path));
  const secret = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  if (secret === undefined) throw new Error(`there is no Secret ${name}`);
  return secret;
}
