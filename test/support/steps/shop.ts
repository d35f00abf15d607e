import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { combinedDigest, type Release, type Snapshot } from '@slipway/core';
import { pushSnapshot, type RegistryClient } from '@slipway/registry';
import { type RecordGuard, readRelease, withRecordKeys } from '@slipway/release';
import { readRepository, renderAll, selectTargets, writeRenderedTree } from '@slipway/render';
import { createJob, runStep, type StepOptions, type StepResult } from '@slipway/testbed/runner';
import { filesOf, type Version } from './files.ts';

const ACTIONS = resolve(import.meta.dirname, '../../../actions');

export type More = Pick<StepOptions, 'signal' | 'onLine' | 'postOf' | 'environment'> & {
  readonly inputs?: Readonly<Record<string, string>>;
};

/** An application at one destination, which a user releases by the actions. */
export interface Shop {
  readonly namespace: string;
  /** A checkout of a version with its rendered tree, which deploy brings. */
  deploy(version: Version, more?: More): Promise<StepResult>;
  /** A later look at a release, in the checkout of the version that was deployed last. */
  verify(inputs: Readonly<Record<string, string>>, more?: More): Promise<StepResult>;
  /** Any other mode of deploy, in the same checkout. */
  operate(inputs: Readonly<Record<string, string>>, more?: More): Promise<StepResult>;
  recordOf(number: number): Promise<Release>;
  snapshotOf(version: Version): Snapshot;
}

export interface ShopParts {
  readonly directory: string;
  readonly client: ClusterClient;
  readonly kubeconfig: string;
  readonly registry: { readonly address: string; readonly client: RegistryClient };
  readonly namespace: string;
  /** Who starts its runs. */
  readonly actor?: string;
  readonly guard?: RecordGuard;
}

export function openShop(parts: ShopParts): Shop {
  const { directory, client, kubeconfig, namespace, registry } = parts;
  const home = `${registry.address}/${namespace}`;
  const path = process.env['PATH'] ?? '';
  let workspace = directory;
  const jobFor = (folder: string) =>
    createJob({ workspace: folder, directory, path, actor: parts.actor ?? 'ada' });
  const run = (action: string, inputs: Readonly<Record<string, string>>, { inputs: own, ...more }: More) =>
    runStep(jobFor(workspace), {
      action: join(ACTIONS, action),
      inputs: { kubeconfig, formation: 'production', ...inputs, ...own },
      ...more,
    });
  const snapshotOf = (version: Version): Snapshot => snapshotFor(version, home);
  return {
    namespace,
    snapshotOf,
    recordOf: number =>
      readRelease(
        withRecordKeys(client, parts.guard),
        { application: 'shop', formation: 'production', namespace },
        number,
      ),
    async deploy(version, more = {}) {
      const snapshot = snapshotOf(version);
      await pushSnapshot(registry.client, snapshot);
      workspace = checkOut(filesOf(version, { namespace, home }), directory);
      const tree = await render(workspace, snapshot, directory);
      return await run('deploy', { ...tree, timeout: '60s' }, more);
    },
    verify: (inputs, more = {}) =>
      run('verify-rollout', { 'stable-for': '1s', timeout: '60s', ...inputs }, more),
    operate: (inputs, more = {}) => run('deploy', inputs, more),
  };
}

function snapshotFor({ number }: Version, home: string): Snapshot {
  const digest = `sha256:${String(number).padStart(64, 'a')}`;
  return {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: `v${number}` },
    created: `2026-11-20T10:00:${String(number).padStart(2, '0')}Z`,
    registry: home,
    images: { api: { name: `${home}/api`, digest, origin: 'built' } },
  };
}

function checkOut(files: Readonly<Record<string, string>>, directory: string): string {
  const folder = mkdtempSync(join(directory, 'workspace-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What render-stencil leaves for deploy. */
async function render(
  workspace: string,
  snapshot: Snapshot,
  directory: string,
): Promise<{ readonly manifests: string; readonly digest: string }> {
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const targets = selectTargets(repository, ['production'], []);
  const all = await renderAll(repository, { targets, snapshot });
  const manifests = mkdtempSync(join(directory, 'tree-'));
  const written = await writeRenderedTree(manifests, all.destinations);
  return { manifests, digest: combinedDigest(written.map(({ rendered }) => rendered)) };
}
