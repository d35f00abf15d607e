import { resolve } from 'node:path';
import { openCheckoutHistory, openRegistry } from '@slipway/action-kit';
import type { Snapshot } from '@slipway/core';
import { findCheckout, readRevision } from '@slipway/git';
import type { Runner } from '@slipway/github';
import { type FileSource, filesBelow, type PassedVerdict, type Promotions } from '@slipway/render';
import type { Inputs } from './inputs.ts';

/** What the registry says of what passed, and the commits of the checkout that has slipway.yaml. */
export function openPromotions(inputs: Inputs, runner: Runner): Promotions {
  const { application } = inputs.request;
  const history = openCheckoutHistory({ application, token: inputs.token }, runner);
  const others = otherCheckouts(runner.workspace, history.checkout);
  return {
    verdictsOn: (...query) => readVerdicts(inputs, runner, ...query),
    isContained: commit => history.isContained(commit),
    async openCommit(commit) {
      const files = await history.openCommit(commit);
      if (files === undefined) return undefined;
      return {
        list: folder => files.list(folder),
        listAll: folder => files.listAll(folder),
        read: path => files.read(path),
        revisionOf: path => (others.isOther(path) ? undefined : commit),
      };
    },
    otherCheckouts: others.files,
    readRevision: folder => readRevision(runner, folder),
  };
}

/** The registry client is loaded only where something is promoted. */
async function readVerdicts(
  inputs: Inputs,
  runner: Runner,
  snapshot: Snapshot,
  formation: string,
  destinations: readonly string[],
): Promise<ReadonlyMap<string, PassedVerdict>> {
  const { findSnapshot, verdictsOn } = await import('@slipway/registry');
  const client = await openRegistry(inputs, runner);
  // What was never pushed, as in a build without a registry, has not passed anywhere.
  if ((await findSnapshot(client, snapshot, snapshot.deploymentTag)) === undefined) return new Map();
  return await verdictsOn(client, snapshot, formation, destinations);
}

/** The checkouts that the workflow made beside or inside the application's own. */
interface OtherCheckouts {
  readonly files: FileSource;
  isOther(path: string): boolean;
}

function otherCheckouts(workspace: string, own: string | undefined): OtherCheckouts {
  const files = filesBelow(workspace);
  const isOther = (path: string): boolean => {
    const checkout = findCheckout(resolve(workspace, path), workspace);
    return checkout !== undefined && checkout !== own;
  };
  return {
    isOther,
    files: {
      list: async folder => (isOther(folder) ? await files.list(folder) : []),
      listAll: async folder => (isOther(folder) ? await files.listAll(folder) : []),
      read: async path => (isOther(path) ? await files.read(path) : undefined),
    },
  };
}
