import type { JsonObject } from '@slipway/core';
import type { Deployer } from './arrange.ts';

/** What a context is called that formations do not name. */
const UNNAMED = 'slipway';

/** What a job's kubeconfig has of one cluster. */
export interface KubeconfigPart {
  readonly deployer: Deployer;
  /** The fields of the cluster as kubectl shows them, such as `server`. */
  readonly cluster: JsonObject;
  readonly token: string;
}

/** Fields that concern others than this machine; a path would be one of this machine. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster */
const KEPT = ['server', 'certificate-authority-data', 'tls-server-name', 'proxy-url'] as const;

export function keptFields(cluster: JsonObject): JsonObject {
  return Object.fromEntries(KEPT.flatMap(key => (cluster[key] === undefined ? [] : [[key, cluster[key]]])));
}

export function contextName({ jobContext }: Deployer): string {
  return jobContext ?? UNNAMED;
}

/** The kubeconfig of a job as JSON, which YAML's readers take too. With several contexts none is current, unless formations name none. */
export function kubeconfigOf(parts: readonly KubeconfigPart[]): JsonObject {
  const unnamed = parts.find(({ deployer }) => deployer.jobContext === undefined);
  const current = unnamed ?? (parts.length === 1 ? parts[0] : undefined);
  return {
    apiVersion: 'v1',
    kind: 'Config',
    ...(current === undefined ? {} : { 'current-context': contextName(current.deployer) }),
    clusters: parts.map(({ deployer, cluster }) => ({
      name: contextName(deployer),
      cluster: keptFields(cluster),
    })),
    users: parts.map(({ deployer, token }) => ({ name: contextName(deployer), user: { token } })),
    contexts: parts.map(({ deployer }) => ({
      name: contextName(deployer),
      context: {
        cluster: contextName(deployer),
        user: contextName(deployer),
        namespace: deployer.home,
      },
    })),
  };
}

/** The account of the deployer, as the API server names it. */
export function accountUser({ home, purpose }: Deployer): string {
  return `system:serviceaccount:${home}:${purpose.account}`;
}
