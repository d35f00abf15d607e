import type { KubeConfig } from '@kubernetes/client-node';
import { quote, type SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from '../error-codes.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';

/** @throws SlipwayError `kubeconfig-context`, `kubeconfig-invalid` */
export function chooseContext(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  const [only] = names;
  if (context === '' && names.length === 1 && only !== undefined) config.setCurrentContext(only);
  else if (names.includes(context)) config.setCurrentContext(context);
  else throw contextError(context, names);
  refuseHalfContext(config);
}

function contextError(context: string, names: readonly string[]): SlipwayError<ClusterErrorCode> {
  const [what, remedy] =
    names.length === 0
      ? ['the kubeconfig has no context', 'add one, with a cluster and a user']
      : [
          context === ''
            ? `the kubeconfig has ${names.length} contexts, and none is chosen`
            : `the kubeconfig has no context ${quote(context)}`,
          `set context to one of ${names.map(quote).join(', ')}`,
        ];
  return kubeconfigError('kubeconfig-context', what, remedy);
}

/** @throws SlipwayError `kubeconfig-invalid` unless the context has a cluster with an address, and a user */
function refuseHalfContext(config: KubeConfig): void {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  const missing = [...(cluster === null ? ['a cluster'] : []), ...(user === null ? ['a user'] : [])];
  const name = quote(config.getCurrentContext());
  if (missing.length > 0)
    throw kubeconfigError(
      'kubeconfig-invalid',
      `context ${name} of the kubeconfig names ${missing.join(' and ')} that ${missing.length === 1 ? 'is' : 'are'} not in it`,
      missing.length === 1 ? 'add it' : 'add both',
    );
  if (!isAddress(cluster?.server ?? ''))
    throw kubeconfigError(
      'kubeconfig-invalid',
      `the server of the cluster ${quote(cluster?.name ?? '')} in the kubeconfig is not an http:// or https:// URL`,
      'write it such as https://10.0.0.1:6443',
    );
}

function isAddress(server: string): boolean {
  return URL.canParse(server) && /^https?:$/.test(new URL(server).protocol);
}
