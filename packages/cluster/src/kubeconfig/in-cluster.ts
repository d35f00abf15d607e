import { kubeconfigError } from '../kubeconfig-error.ts';
import type { Cluster } from './cluster.ts';
import type { Environment } from './source.ts';
import type { User } from './user.ts';

export const IN_CLUSTER = 'in-cluster';
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The service account of the pod that this runner is. @throws SlipwayError `kubeconfig-missing` outside of a pod */
export function inCluster(environment: Environment): { readonly cluster: Cluster; readonly user: User } {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined)
    throw kubeconfigError(
      'kubeconfig-missing',
      'the kubeconfig input is in-cluster, but this runner is not a pod of a cluster',
      'give a kubeconfig',
    );
  return {
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      authority: { file: `${SERVICE_ACCOUNT}/ca.crt` },
      skipTLSVerify: false,
      tlsServerName: '',
      proxyUrl: '',
      entry: {},
    },
    user: {
      certificate: undefined,
      login: { method: 'token-file', path: `${SERVICE_ACCOUNT}/token`, token: '' },
      impersonated: undefined,
    },
  };
}
