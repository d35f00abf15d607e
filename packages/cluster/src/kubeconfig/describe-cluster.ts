import { readFile } from 'node:fs/promises';
import type { ClusterEntry } from '../credentials/exec-info.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import type { ParsedKubeconfig } from './parse-kubeconfig.ts';

/** The chosen cluster, for its plugin. @throws SlipwayError `kubeconfig-invalid` if its authority cannot be read */
export async function describeCluster({ config, clusters }: ParsedKubeconfig): Promise<ClusterEntry> {
  const cluster = config.getCurrentCluster();
  const entry = clusters.get(cluster?.name ?? '') ?? {};
  if (cluster?.caData) return { entry, authority: cluster.caData };
  if (!cluster?.caFile) return { entry, authority: '' };
  const content = await readFile(cluster.caFile).catch((cause: unknown) => {
    throw kubeconfigError(
      'kubeconfig-invalid',
      "the kubeconfig's certificate authority cannot be read",
      'check its path',
      cause,
    );
  });
  return { entry, authority: content.toString('base64') };
}
