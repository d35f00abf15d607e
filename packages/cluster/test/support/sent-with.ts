import { X509Certificate } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { LoadedKubeconfig } from '../../src/kubeconfig/load-kubeconfig.ts';
import type { Outcome } from './client-go.ts';

/** What our requests are sent with, in client-go's words. */
export function sentWith(
  { cluster }: Pick<LoadedKubeconfig, 'cluster'>,
  { headers, cert, ca, rejectUnauthorized, servername }: RequestOptions,
): Partial<Outcome> {
  const { Authorization, ...impersonation } = headers as Record<string, string | string[]>;
  return {
    authorization: String(Authorization ?? ''),
    impersonation: Object.fromEntries(
      Object.entries(impersonation).map(([name, value]) => [name.toLowerCase(), [value].flat()]),
    ),
    certificate: cert ? new X509Certificate(String(cert)).raw.toString('base64') : '',
    authority: ca ? Buffer.from(ca as Buffer).toString('base64') : '',
    serverName: servername ?? '',
    insecure: rejectUnauthorized === false,
    proxy: cluster.proxyUrl,
  };
}
