import type { DeliverySurroundings } from '@slipway/delivery';
import { openCheckoutHistory, originRepository, readableCommits } from '@slipway/git';
import { filesBelow } from '@slipway/render';
import type { Machine } from '../machine/machine.ts';
import type { Workspace } from '../rendering/workspace.ts';
import { loggerOf } from '../tell/say.ts';
import type { ReadClusters } from './read-clusters.ts';

export interface DeliveryPlace {
  readonly workspace: Workspace;
  /** Path of slipway.yaml in the workspace. */
  readonly application: string;
  /** Absolute. */
  readonly temporaryDirectory: string;
  readonly clusters: Pick<ReadClusters, 'open'>;
}

/** What a plan or a list of releases needs, on a machine that is in no run: nothing of it writes, or opens a secret. */
export async function deliverySurroundings(
  machine: Machine,
  { workspace: { folder: workspace }, application, temporaryDirectory, clusters }: DeliveryPlace,
): Promise<DeliverySurroundings> {
  const { environment, exec, signal, clock } = machine;
  const logger = loggerOf(machine);
  const commits = openCheckoutHistory(application, { workspace, exec, environment });
  // What was released says which repository it is of.
  const origin = await originRepository(workspace, { workspace, exec, environment });
  return {
    ...{ workspace, environment, exec, logger, signal, clock, temporaryDirectory, commits },
    run: { repository: origin ?? '', actor: '', url: '' },
    mask: () => undefined,
    idToken: () => Promise.reject(new Error('there is no identity token outside of a job')),
    openCluster: destination => clusters.open(destination),
    async openRegistry() {
      const { openRegistryClient } = await import('@slipway/registry');
      return await openRegistryClient({ environment, exec, logger, signal });
    },
    earlier: readableCommits(commits, filesBelow(workspace), workspace),
  };
}
