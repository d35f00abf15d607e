import type { ApiResource, ClusterClient } from '@slipway/cluster';
import {
  type KubernetesObject,
  objectKey,
  type Problem,
  type RecordedObject,
  type Release,
  referenceTo,
} from '@slipway/core';
import { collectRefusal, unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { kindKey, readMembers, readResources } from '../cluster/live.ts';
import { inParallel } from '../cluster/parallel.ts';
import type { HashKey } from '../content/name-by-content.ts';
import { nameRelease } from '../content/name-release.ts';
import { applySetId } from '../names.ts';
import { AUTOSCALERS, isScalable, scaleTargets } from '../objects/autoscaling.ts';
import { sealsByObject } from '../objects/body.ts';
import { jobByContent } from '../objects/jobs.ts';
import { isDefinition, isNamespace, isSecret } from '../objects/kinds.ts';
import { isNamespaced, placedIn } from '../objects/scope.ts';
import { readHashKey } from '../records/hash-key.ts';
import { parentProblems, readParent } from '../records/inventory.ts';
import { leavingObjects } from '../records/leaving.ts';
import { readLatestNumber, readRelease } from '../records/records.ts';
import { imageProblems, outsideProblems, reservedProblems } from '../refusals/boundaries.ts';
import { checkNamespace } from '../refusals/check-namespace.ts';
import { serverProblems } from '../refusals/check-server.ts';
import { duplicateProblems } from '../refusals/duplicates.ts';
import { lengthProblems, namingProblems } from '../refusals/naming.ts';
import { orderProblems } from '../refusals/order.ts';
import { missingRights, neededRights, type Right, rightsProblems } from '../refusals/rights.ts';
import { snapshotProblems } from '../refusals/snapshot-age.ts';
import { timeProblems } from '../refusals/times.ts';
import type { PlacedObject, ReleaseRequest, Unseal } from '../request.ts';
import { compareObject } from './compare.ts';
import type { CompareContext, PreparedObject } from './compared.ts';

export interface PrepareOptions {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  /** Opens the secrets. Without it their content is taken to be what the live Secrets hold. */
  readonly openSecrets?: (() => Promise<Unseal>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a release would do, and all that speaks against it. Nothing has been written. */
export interface PreparedRelease {
  readonly request: ReleaseRequest;
  readonly objects: readonly PreparedObject[];
  /** Every refusal, in the order of the objects; a release with one must not be applied. */
  readonly problems: readonly Problem[];
  /** The number of the newest release when this was prepared; another one since means that it has to be prepared again. */
  readonly latest: number;
  /** The record of that release, if it can be read. */
  readonly previous: Release | undefined;
  /** What earlier releases left behind that is not in this one. */
  readonly leaving: readonly RecordedObject[];
  /** Rights that the credentials lack. */
  readonly missing: readonly Right[];
  /** Workloads whose replicas an autoscaler sets. */
  readonly scaleTargets: ReadonlySet<string>;
  /** Opens Secrets under the names that they have here. */
  readonly unseal: Unseal | undefined;
  /** What its Secrets are named by; to be kept before anything is written. Absent where there are none. */
  readonly hashKey: HashKey | undefined;
}

/**
 * Compares a release with the cluster by reading and by the server's dry runs, and collects every reason to refuse it.
 * @throws SlipwayError `cluster-unreachable`, `cluster-unauthorized`; whatever is wrong with the release itself is in `problems`
 */
export async function prepareRelease(options: PrepareOptions): Promise<PreparedRelease> {
  const { client, request } = options;
  const { resources, down } = await readResources(
    client,
    request.objects.map(({ object }) => object),
  );
  const placed = placeAll(request, resources);
  const found = await lookAround(client, request, placed, resources);
  const place = [...serverProblems(client, request), ...found.namespaceProblems];
  const rights = place.length > 0 ? [] : rightsProblems(found.missing);
  const problems: Problem[] = [...place, ...rights, ...ownProblems(request, placed, found)];
  // In the wrong place nothing is looked at, and without the rights nothing opened.
  const canAsk = place.length === 0;
  const open = canAsk && rights.length === 0 ? options.openSecrets : undefined;
  const opened = await collectRefusal(problems, undefined, async () => open?.());
  const targets = scaleTargets([...placed.map(({ object }) => object), ...found.autoscalers]);
  const members = canAsk ? await readOwnMembers(client, request, placed, resources) : new Map();
  const { latest, previous, key } = found;
  const isBlind = found.missing.some(right => right.resource === 'secrets' && right.verb === 'get');
  const knowledge = { previous, members, key, unseal: opened, isBlind };
  const { objects, seals, unseal, versionOf } = nameRelease(request, placed, knowledge);
  const named = { ...request, seals };
  const missing = rights.length > 0 ? found.missing : [];
  const context = { resources, down, targets, unseal, previous, members, versionOf, missing };
  return {
    request: named,
    objects: canAsk ? await compareAll({ ...options, request: named }, objects, context, problems) : [],
    problems,
    latest,
    previous,
    leaving: leavingObjects(
      previous,
      objects.map(({ object }) => referenceTo(object)),
    ),
    missing,
    scaleTargets: targets,
    unseal,
    hashKey: found.key,
  };
}

const NO_HISTORY = { latest: 0, previous: undefined, recordProblems: [] };

type Surroundings = Awaited<ReturnType<typeof lookAround>>;

/** What the cluster says before any object is looked at. */
async function lookAround(
  client: ClusterClient,
  request: ReleaseRequest,
  objects: readonly PlacedObject[],
  resources: ReadonlyMap<string, ApiResource>,
) {
  const { identity } = request;
  const rights = neededRights(
    objects.map(({ object }) => object),
    resources,
    identity.namespace,
  );
  const needsKey = request.restores === undefined && objects.some(({ object }) => isSecret(object));
  const [history, namespaceProblems, parent, autoscalers, missing, key] = await Promise.all([
    unlessForbidden(readHistory(client, request)),
    checkNamespace(client, identity.namespace),
    unlessForbidden(readParent(client, identity)),
    liveAutoscalers(client, objects),
    missingRights(client, rights),
    needsKey ? readHashKey(client, identity) : undefined,
  ]);
  const { latest, previous, recordProblems } = history ?? NO_HISTORY;
  return { latest, previous, recordProblems, namespaceProblems, parent, autoscalers, missing, key };
}

/** What the objects themselves give away, beside what is live. */
function ownProblems(
  request: ReleaseRequest,
  objects: readonly PlacedObject[],
  { parent, previous, recordProblems }: Surroundings,
): Problem[] {
  const { identity, adopt, allow, snapshot } = request;
  return [
    // Without it nobody knows what was deployed: what to prune, which Jobs have run, which snapshot is live.
    ...recordProblems,
    ...(adopt ? [] : parentProblems(parent, identity)),
    ...duplicateProblems(objects),
    ...orderProblems(objects),
    // What a record holds bears our own marks.
    ...(request.restores === undefined ? reservedProblems(request.objects) : []),
    ...(request.restores === undefined ? timeProblems(request.objects) : []),
    ...lengthProblems(request.objects),
    ...namingProblems(request.objects),
    ...outsideProblems(objects, identity.namespace, allow),
    ...imageProblems(objects, snapshot),
    ...snapshotProblems(request, previous),
  ];
}

async function readHistory(client: ClusterClient, { identity }: ReleaseRequest) {
  const latest = await readLatestNumber(client, identity);
  const recordProblems: Problem[] = [];
  const read = () => unlessForbidden(readRelease(client, identity, latest));
  const previous = latest === 0 ? undefined : await collectRefusal(recordProblems, undefined, read);
  return { latest, previous, recordProblems };
}

/** The live objects of the release's set, of the kinds that it has. */
async function readOwnMembers(
  client: ClusterClient,
  { identity }: ReleaseRequest,
  placed: readonly PlacedObject[],
  resources: ReadonlyMap<string, ApiResource>,
): Promise<ReadonlyMap<string, KubernetesObject>> {
  const served = placed.filter(({ object }) => resources.has(kindKey(object)));
  const references = served.map(({ object }) => referenceTo(object));
  return await readMembers(client, applySetId(identity, identity.namespace), references);
}

function appliedBy(previous: Release | undefined): ReadonlyMap<string, KubernetesObject> {
  const manifests = (previous?.manifests ?? []) as unknown as readonly KubernetesObject[];
  return new Map(manifests.map(object => [objectKey(referenceTo(object)), object]));
}

/** The objects in their namespaces and Jobs under the names that their content gives them. */
function placeAll(
  { objects, identity, restores }: ReleaseRequest,
  resources: ReadonlyMap<string, ApiResource>,
): PlacedObject[] {
  const definitions = objects.map(({ object }) => object).filter(isDefinition);
  return objects.map(given => {
    const { object } = given;
    const namespaced = isNamespaced(object, resources.get(kindKey(object)), definitions);
    return {
      ...given,
      object: placedIn(
        restores === undefined ? jobByContent(object) : object,
        namespaced,
        identity.namespace,
      ),
      source: object,
    };
  });
}

async function compareAll(
  { client, request, signal }: PrepareOptions,
  objects: readonly PlacedObject[],
  known: Omit<
    CompareContext,
    'client' | 'request' | 'set' | 'seals' | 'definitions' | 'namespaces' | 'jobs' | 'applied'
  >,
  problems: Problem[],
): Promise<PreparedObject[]> {
  const { identity } = request;
  const set = applySetId(identity, identity.namespace);
  const seals = sealsByObject(request.seals, identity.namespace);
  const brought = objects.map(({ object }) => object);
  const definitions = brought.filter(isDefinition);
  const namespaces = new Set(brought.filter(isNamespace).map(({ metadata }) => metadata.name));
  const { previous } = known;
  const jobs = previous?.jobs ?? {};
  const applied = appliedBy(previous);
  const context: CompareContext = {
    ...known,
    client,
    request,
    set,
    seals,
    definitions,
    namespaces,
    jobs,
    applied,
  };
  const found = objects.map((): Problem[] => []);
  const compared = await inParallel([...objects.entries()], async ([index, object]) => {
    signal?.throwIfAborted();
    const own = found[index] ?? [];
    return await collectRefusal(own, object.at, () => compareObject(context, object, own));
  });
  problems.push(...found.flat());
  return compared.filter(object => object !== undefined);
}

/** Autoscalers in the namespaces of the release's workloads that somebody else may have made. */
async function liveAutoscalers(
  client: ClusterClient,
  objects: readonly PlacedObject[],
): Promise<readonly KubernetesObject[]> {
  const scalable = objects.map(({ object }) => object).filter(isScalable);
  const namespaces = new Set(scalable.map(({ metadata }) => String(metadata['namespace'])));
  const queries = [...namespaces].flatMap(namespace => AUTOSCALERS.map(kind => ({ ...kind, namespace })));
  const lists = await inParallel(queries, query => unlessUnknown(unlessForbidden(client.list(query))));
  return lists.flatMap(list => list?.items ?? []);
}
