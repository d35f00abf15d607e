import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, type Snapshot } from '@slipway/core';
import { createJob, type Job, runStep } from '@slipway/testbed/runner';
import { cloneShop } from '../demo/shop.ts';
import type { Doorbell } from './doorbell.ts';

/** A bundle, and the first act by which it is of use. */
export interface Measured {
  readonly name: string;
  readonly act: string;
  readonly action: string;
  readonly job: Job;
  readonly inputs: Readonly<Record<string, string>>;
  /** Rings at the act; without one the act is the end of the process. */
  readonly doorbell?: Doorbell;
}

/** Each action on the shop: those that speak to a registry or a cluster find the doorbell there. */
export async function scenes(
  directory: string,
  actions: string,
  doorbell: Doorbell,
): Promise<[Measured, ...Measured[]]> {
  const workspace = join(directory, 'shop');
  const image = { name: `${doorbell.address}/base:1`, digest: '' };
  const shop = await cloneShop(
    { registry: doorbell.address, images: { base: image, redis: image } },
    workspace,
  );
  // Earlier bundles do not know releases in steps.
  const sha = await shop.commit('Open the shop', {
    'formations/production.yaml': withoutSteps,
    'formations/staging.yaml': withoutSteps,
  });
  const job = createJob({ workspace, directory, sha, path: process.env['PATH'] ?? '' });
  const snapshot = writeSnapshot(directory, doorbell.address);
  const render = { formation: 'staging', snapshot };
  const rendered = await runStep(job, { action: join(actions, 'render-stencil'), inputs: render });
  if (rendered.exitCode !== 0) throw new Error(rendered.log);
  const { manifests = '', digest = '' } = rendered.outputs;
  const kubeconfig = writeKubeconfig(directory, doorbell.address);
  const target = { formation: 'staging', destination: 'main', kubeconfig };
  return [
    {
      name: 'build-retag',
      act: 'first request to the registry',
      action: join(actions, 'build-retag'),
      job,
      inputs: { promote: 'staging' },
      doorbell,
    },
    {
      name: 'render-stencil',
      act: 'staging is rendered and written',
      action: join(actions, 'render-stencil'),
      job,
      inputs: render,
    },
    {
      name: 'policy-check',
      act: 'staging is checked and reported',
      action: join(actions, 'policy-check'),
      job,
      inputs: { manifests },
    },
    {
      name: 'deploy',
      act: 'first request to the cluster, everything checked before',
      action: join(actions, 'deploy'),
      job,
      inputs: { ...target, manifests, digest, secrets: 'env=STAGING_DATABASE_PASSWORD' },
      doorbell,
    },
    {
      name: 'verify-rollout',
      act: 'first request to the cluster',
      action: join(actions, 'verify-rollout'),
      job,
      inputs: { ...target, release: '1' },
      doorbell,
    },
  ];
}

function withoutSteps(text: string): string {
  return text.replace(/^ {2}strategy:\n(?: {4}.*\n)+/m, '');
}

function writeSnapshot(directory: string, registry: string): string {
  const image = (service: string, fill: string): Snapshot['images'][string] => ({
    name: `${registry}/acme/shop/${service}`,
    digest: `sha256:${fill.repeat(64)}`,
    origin: 'built',
  });
  const snapshot: Snapshot = {
    apiVersion: API_VERSION,
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag: 'bench',
    created: '2026-11-21T00:00:00.000Z',
    registry: `${registry}/acme/shop`,
    images: { api: image('api', 'a'), web: image('web', 'b'), cache: image('cache', 'c') },
  };
  const path = join(directory, 'snapshot.json');
  writeFileSync(path, JSON.stringify(snapshot));
  return path;
}

/** Outside of the workspace, as deploy insists. */
function writeKubeconfig(directory: string, address: string): string {
  const folder = join(directory, 'keys');
  mkdirSync(folder);
  const path = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'bench', cluster: { server: `https://${address}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'bench', user: { token: 'bench' } }],
    contexts: [{ name: 'staging', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'staging',
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
