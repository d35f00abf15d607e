import type { User } from '@kubernetes/client-node';
import { quote } from '@slipway/core';
import { kubeconfigError } from '../kubeconfig-error.ts';

/** Programs that took over from the ways to log in that kubectl has removed. */
const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ['gcp', 'use gke-gcloud-auth-plugin, which `gcloud container clusters get-credentials` writes'],
  ['azure', 'run `kubelogin convert-kubeconfig`, which writes an exec plugin'],
]);

/**
 * Refuses an `auth-provider` that kubectl does not have. The library would start the program that it names with the whole environment
 * of this process, the inputs and secrets of the step too.
 * https://kubernetes.io/blog/2022/05/03/kubernetes-1-24-release-announcement/#removal-of-legacy-auth-providers
 * @throws SlipwayError `kubeconfig-auth-provider`
 */
export function refuseUnknownProvider({ name, authProvider }: User): void {
  const provider = (authProvider as { readonly name?: unknown } | null | undefined)?.name;
  if (authProvider === undefined || authProvider === null || provider === 'oidc') return;
  throw kubeconfigError(
    'kubeconfig-auth-provider',
    `the user ${quote(name)} of the kubeconfig has the auth-provider ${quote(String(provider))}, which Kubernetes has removed`,
    SUCCESSORS.get(String(provider)) ?? 'use an exec plugin or a token',
  );
}
