import type { ApiResource, ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, type JsonObject, type Problem, quote } from '@slipway/core';
import { accessReview, apiGroup, grants, type KubernetesObject } from '@slipway/kubernetes';
import { resourceKey } from '../cluster/live.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';

/** A right that the credentials need. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Absent for cluster-scoped resources. */
  readonly namespace?: string | undefined;
}

/** What a release does to each of its objects; pruning and rollbacks delete. */
const OBJECT_VERBS = ['get', 'list', 'create', 'patch', 'delete'];
/** What records, kept Secrets and the inventory need. */
const SECRET_VERBS = ['get', 'list', 'create', 'update', 'patch', 'delete'];
const LEASE_VERBS = ['get', 'create', 'update', 'delete'];

/** The rights that applying a release needs, each once. */
export function neededRights(
  objects: readonly KubernetesObject[],
  resources: ReadonlyMap<string, ApiResource>,
  home: string,
): Right[] {
  const own = [
    ...SECRET_VERBS.map(verb => ({ group: '', resource: 'secrets', verb, namespace: home })),
    ...LEASE_VERBS.map(verb => ({ group: 'coordination.k8s.io', resource: 'leases', verb, namespace: home })),
  ];
  const others = objects.flatMap(object => {
    const resource = resources.get(resourceKey(object));
    if (resource === undefined) return [];
    const namespace = resource.namespaced ? String(object.metadata['namespace']) : undefined;
    const group = apiGroup(object.apiVersion);
    return OBJECT_VERBS.map(verb => ({ group, resource: resource.resource, verb, namespace }));
  });
  return [
    ...new Map([...own, ...others].map(right => [JSON.stringify(Object.values(right)), right])).values(),
  ];
}

/** The rights that a release needs, beside what the credentials have. */
export interface ComparedRights {
  readonly needed: readonly Right[];
  readonly lacking: readonly Right[];
  /** The rules of the credentials in each namespace, as far as the authorizer can list them. */
  readonly rules: ReadonlyMap<string, readonly JsonObject[]>;
}

/**
 * The rights that the credentials lack. The rules that the server lists save a request for each right; a right that is not among
 * them is asked for, since not every authorizer can list its rules.
 */
export async function compareRights(
  client: ClusterClient,
  needed: readonly Right[],
): Promise<ComparedRights> {
  const namespaces = new Set(needed.flatMap(({ namespace }) => namespace ?? []));
  const rules = new Map<string, readonly JsonObject[]>();
  await inParallel([...namespaces], async namespace => {
    rules.set(namespace, await listRules(client, namespace));
  });
  const unlisted = needed.filter(
    right => right.namespace === undefined || !rules.get(right.namespace)?.some(rule => grants(rule, right)),
  );
  const answers = await inParallel(unlisted, right => client.review(accessReview(right)));
  return { needed, lacking: unlisted.filter((_right, index) => answers[index]?.['allowed'] !== true), rules };
}

async function listRules(client: ClusterClient, namespace: string): Promise<readonly JsonObject[]> {
  const { resourceRules } = await client.review({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  });
  return Array.isArray(resourceRules) ? resourceRules.filter(isJsonObject) : [];
}

/** Whether a dry run of server-side apply is possible, which needs the rights to create and patch. */
export function canTryOut(
  missing: readonly Right[],
  resource: ApiResource,
  namespace: string | undefined,
): boolean {
  return !lacks(missing, ['create', 'patch'], resource, namespace);
}

/** Whether objects of a kind can be read. */
export function mayRead(
  missing: readonly Right[],
  resource: ApiResource,
  namespace: string | undefined,
): boolean {
  return !lacks(missing, ['get', 'list'], resource, namespace);
}

function lacks(
  missing: readonly Right[],
  verbs: readonly string[],
  { apiVersion, resource, namespaced }: ApiResource,
  namespace: string | undefined,
): boolean {
  return missing.some(
    right =>
      right.group === apiGroup(apiVersion) &&
      right.resource === resource &&
      verbs.includes(right.verb) &&
      (!namespaced || right.namespace === namespace),
  );
}

/** One refusal for each resource and namespace. */
export function rightsProblems(missing: readonly Right[]): Problem<ReleaseErrorCode>[] {
  return groups(missing).map(({ group, resource, namespace, verbs }) => {
    const name = group === '' ? resource : `${resource}.${group}`;
    const where = namespace === undefined ? 'in the cluster' : `in namespace ${quote(namespace)}`;
    return {
      code: 'rights-missing',
      message: `the credentials may not ${verbs.join(', ')} ${name} ${where}`,
      remedy: 'grant the Role that the log shows',
    };
  });
}

/** Rights of one resource and namespace, with all of their verbs. */
export function groups(missing: readonly Right[]) {
  const byResource = Map.groupBy(missing, ({ group, resource, namespace }) =>
    JSON.stringify([namespace, group, resource]),
  );
  return [...byResource.values()].flatMap(rights => {
    const [first] = rights;
    return first === undefined ? [] : [{ ...first, verbs: rights.map(({ verb }) => verb) }];
  });
}
