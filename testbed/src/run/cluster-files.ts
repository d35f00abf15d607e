import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, createAuthority, serviceAccountKey } from './pki.ts';

/** The first address of the range, which is the API server's for pods. */
const SERVICE_ADDRESS = '10.96.0.1';

/** Keys and certificates of one cluster, in a folder that only its owner can enter. */
export interface ClusterFiles {
  readonly authority: Authority;
  readonly folder: string;
  path(name: string): string;
}

export async function writeClusterFiles(folder: string, now: () => Date): Promise<ClusterFiles> {
  const keys = join(folder, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const authority = await createAuthority('testbed authority', now);
  const [server, accounts, kubelets] = await Promise.all([
    authority.server(['127.0.0.1', SERVICE_ADDRESS, 'localhost', 'kubernetes.default.svc']),
    serviceAccountKey(),
    authority.client('kube-apiserver', ['system:masters']),
  ]);
  const path = (name: string) => join(keys, name);
  const content = {
    'ca.crt': authority.certificate,
    'ca.key': authority.key,
    'server.crt': server.certificate,
    'server.key': server.key,
    'accounts.key': accounts,
    'kubelet-client.crt': kubelets.certificate,
    'kubelet-client.key': kubelets.key,
  };
  for (const [name, text] of Object.entries(content)) await writeFile(path(name), text, { mode: 0o600 });
  return { authority, folder, path };
}
