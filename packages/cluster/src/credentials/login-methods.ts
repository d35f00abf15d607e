import { quote } from '@slipway/core';
import type { Fields } from '../entries/fields.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { type OidcSettings, parseOidcSettings } from './oidc.ts';

/** Programs that took over from the ways to log in that kubectl has removed. */
const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ['gcp', 'use gke-gcloud-auth-plugin, which `gcloud container clusters get-credentials` writes'],
  ['azure', 'run `kubelogin convert-kubeconfig`, which writes an exec plugin'],
]);

/**
 * The settings of the only `auth-provider` that kubectl has; undefined for a user without one.
 * https://kubernetes.io/blog/2022/05/03/kubernetes-1-24-release-announcement/#removal-of-legacy-auth-providers
 * @param user the name of the user that has the fields
 * @param folder where relative paths start
 * @throws SlipwayError `kubeconfig-auth-provider` for another one, `kubeconfig-invalid`
 */
export function parseProvider(fields: Fields, user: string, folder: string): OidcSettings | undefined {
  const where = `the auth-provider of the user ${quote(user)} in the kubeconfig`;
  const provider = fields.section('auth-provider', where);
  if (provider === undefined) return undefined;
  const name = provider.text('name');
  if (name === 'oidc') return parseOidcSettings(provider.section('config', where), provider, folder);
  throw kubeconfigError(
    'kubeconfig-auth-provider',
    `the user ${quote(user)} of the kubeconfig has the auth-provider ${quote(name)}, which Kubernetes has removed`,
    SUCCESSORS.get(name) ?? 'use an exec plugin or a token',
  );
}
