import { delimiter, join } from 'node:path';
import type { Environment } from './source.ts';

/** The paths in KUBECONFIG; a workflow's `env` leaves a tilde as it is, which a shell would have replaced. */
export function kubeconfigPaths(environment: Environment): string[] {
  return (environment['KUBECONFIG'] ?? '')
    .split(delimiter)
    .filter(path => path !== '')
    .map(path => expandHome(path, environment));
}

/** The file that kubectl reads if nothing names another one; undefined without a home. */
export function defaultPath({ HOME }: Environment): string | undefined {
  return HOME ? join(HOME, '.kube', 'config') : undefined;
}

export function expandHome(path: string, { HOME }: Environment): string {
  return HOME && /^~(?:\/|$)/.test(path) ? join(HOME, path.slice(1)) : path;
}
