import type { ClusterEntry } from '../credentials/exec-info.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import type { Cluster } from './cluster.ts';
import { readMaterial } from './material.ts';

/** A cluster for its plugin. @throws SlipwayError `kubeconfig-invalid` if its authority cannot be read */
export async function describeCluster({ entry, authority }: Cluster): Promise<ClusterEntry> {
  const content = await readMaterial(authority).catch((cause: unknown) => {
    throw kubeconfigError(
      'kubeconfig-invalid',
      "the kubeconfig's certificate authority cannot be read",
      'check its path',
      cause,
    );
  });
  return { entry, authority: content?.toString('base64') ?? '' };
}
