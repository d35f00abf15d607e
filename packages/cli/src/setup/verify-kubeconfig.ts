import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, quote, SlipwayError, silentLogger } from '@slipway/core';
import { accessReview, type RoleRule } from '@slipway/kubernetes';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { type Deployer, rulesIn } from './arrange.ts';
import { missingRules } from './cluster-steps.ts';
import { contextName } from './kubeconfig-text.ts';

/** How often a right is asked for that was only just granted, and how long is waited before. */
const ATTEMPTS = 10;
const PAUSE = 500;

/**
 * Logs in to a cluster with a kubeconfig, as deploy does, and asks the API server for the rights that it is for. The kubeconfig is never in a
 * file.
 * @throws SlipwayError `kubeconfig-insufficient`, `cluster-unreachable`, `cluster-unauthorized`
 */
export async function verifyKubeconfig(
  kubeconfig: string,
  deployer: Deployer,
  machine: Machine,
): Promise<void> {
  const { connectCluster } = await import('@slipway/cluster');
  const client = await connectCluster({
    kubeconfig,
    context: contextName(deployer),
    environment: machine.environment,
    workspace: machine.folder,
    runPlugin: () => Promise.reject(new Error('the kubeconfig has a token')),
    signal: machine.signal,
    logger: silentLogger,
  });
  try {
    for (const namespace of deployer.namespaces)
      await verifyRights(client, rulesIn(deployer, namespace), namespace, machine);
  } finally {
    client.close();
  }
}

async function verifyRights(
  client: ClusterClient,
  rules: readonly RoleRule[],
  namespace: string,
  machine: Machine,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const lacking = await lackingRights(client, rules, namespace);
    if (lacking.length === 0) return;
    if (attempt === ATTEMPTS) throw insufficient(lacking, namespace);
    // The authorizer of the API server learns of a new binding a moment later.
    await new Promise(resolve => setTimeout(resolve, PAUSE));
    machine.signal.throwIfAborted();
  }
}

/** What the server's list of rules does not grant, and what it denies when it is asked. */
async function lackingRights(
  client: ClusterClient,
  rules: readonly RoleRule[],
  namespace: string,
): Promise<string[]> {
  const { resourceRules } = await client.review({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  });
  const lacking: string[] = [];
  for (const rule of missingRules(rules, resourceRules))
    for (const right of rightsOf(rule)) {
      const { allowed } = await client.review(accessReview({ ...right, namespace }));
      if (allowed !== true) lacking.push(rightText(right));
    }
  return lacking;
}

/** `get services/proxy`, as messages name it. */
export function rightText({ verb, resource, subresource }: Right): string {
  return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}

export type Right = ReturnType<typeof rightsOf>[number];

/** Each right of a rule, with the subresource on its own, as a review has it. */
export function rightsOf({ apiGroups, resources, verbs }: JsonObject) {
  const texts = (value: JsonObject[string] | undefined): string[] =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  return texts(apiGroups).flatMap(group =>
    texts(resources).flatMap(written => {
      const [resource = '', subresource] = written.split('/');
      return texts(verbs).map(verb => ({ group, resource, subresource, verb }));
    }),
  );
}

function insufficient(lacking: readonly string[], namespace: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'kubeconfig-insufficient',
    message: `the new kubeconfig may not ${lacking.slice(0, 3).join(', ')} in namespace ${quote(namespace)}, so it was not stored`,
    remedy: 'look at the authorizers of the cluster, and whether something resets the RoleBinding',
  });
}
