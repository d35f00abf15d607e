import type { KubeConfig } from '@kubernetes/client-node';
import { kubeconfigError } from '../kubeconfig-error.ts';
import type { Environment } from './source.ts';

export const IN_CLUSTER = 'in-cluster';
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The service account of the pod that this runner is. @throws SlipwayError `kubeconfig-missing` outside of a pod */
export function inCluster(config: KubeConfig, environment: Environment): KubeConfig {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined)
    throw kubeconfigError(
      'kubeconfig-missing',
      'the kubeconfig input is in-cluster, but this runner is not a pod of a cluster',
      'give a kubeconfig',
    );
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  config.loadFromClusterAndUser(
    { name: IN_CLUSTER, server, caFile: `${SERVICE_ACCOUNT}/ca.crt`, skipTLSVerify: false },
    {
      name: IN_CLUSTER,
      authProvider: { name: 'tokenFile', config: { tokenFile: `${SERVICE_ACCOUNT}/token` } },
    },
  );
  return config;
}
