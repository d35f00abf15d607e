import { basename } from 'node:path';
import { CLOUDS, type Cloud, type LoginEnvironment, loginEnvironment } from '@slipway/core';

/** Programs that are known to print credentials, and the clouds that they ask. */
const KNOWN = new Map<string, readonly Cloud[]>([
  ['aws', ['aws']],
  ['aws-iam-authenticator', ['aws']],
  ['gcloud', ['google']],
  ['gke-gcloud-auth-plugin', ['google']],
  // Two programs have this name: Azure's, and one for any OpenID Connect issuer, which needs none of Azure's variables.
  ['kubelogin', ['azure']],
  ['kubectl-oidc_login', []],
  ['oci', ['oracle']],
]);

export function isKnownPlugin(command: string): boolean {
  return KNOWN.has(programOf(command));
}

/**
 * The part of the environment that a credential plugin gets: what its clouds' logins need. A program that is not known, such as a
 * script, may ask any of the clouds. The kubeconfig's `env` adds what else is needed.
 * @param secretNames what `env=` lines of `secrets` name; never passed on
 */
export function pluginEnvironment(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
  secretNames: readonly string[],
): LoginEnvironment {
  return loginEnvironment(KNOWN.get(programOf(command)) ?? CLOUDS, environment, secretNames);
}

function programOf(command: string): string {
  return basename(command).replace(/\.exe$/i, '');
}
