import type { ClusterEntry } from '../credentials/exec-info.ts';
import { readMaterial } from '../entries/material.ts';
import type { Cluster } from './cluster.ts';

/** A cluster for its plugin. @throws SlipwayError `kubeconfig-invalid` if its authority cannot be read */
export async function describeCluster({ entry, authority }: Cluster): Promise<ClusterEntry> {
  const content = await readMaterial(authority);
  return { entry, authority: content?.toString('base64') ?? '' };
}
