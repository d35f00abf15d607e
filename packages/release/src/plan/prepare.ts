import type { ApiResource, ClusterClient } from '@slipway/cluster';
import {
  type KubernetesObject,
  type Problem,
  type RecordedObject,
  type Release,
  referenceTo,
} from '@slipway/core';
import { parentProblems, readParent } from '../inventory/inventory.ts';
import { applySetId } from '../names.ts';
import { scaleTargets } from '../objects/autoscaling.ts';
import { sealsByObject } from '../objects/body.ts';
import { namedByContent } from '../objects/jobs.ts';
import { duplicates, isDefinition, isNamespaced, placed } from '../objects/normalise.ts';
import { orderProblems } from '../objects/stages.ts';
import { inParallel } from '../parallel.ts';
import { readLatestNumber, readRelease } from '../records/records.ts';
import { imageProblems, outsideProblems, reservedProblems } from '../refusals/boundaries.ts';
import { checkNamespace } from '../refusals/check-namespace.ts';
import { serverProblems } from '../refusals/check-server.ts';
import { collectRefusal } from '../refusals/collect.ts';
import { missingRights, neededRights, type Right, rightsProblems } from '../refusals/rights.ts';
import { snapshotProblems } from '../refusals/snapshot-age.ts';
import type { PlacedObject, ReleaseRequest, Unseal } from '../request.ts';
import { type CompareContext, compareObject, type PreparedObject } from './compare.ts';
import { leavingObjects } from './leaving.ts';
import { kindKey, readMembers, readResources, unlessForbidden, unlessUnknown } from './live.ts';

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
  readonly unseal: Unseal | undefined;
}

/**
 * Compares a release with the cluster by reading and by the server's dry runs, and collects every reason to refuse it.
 * @throws SlipwayError `cluster-unreachable`, `cluster-unauthorized`; whatever is wrong with the release itself is in `problems`
 */
export async function prepareRelease(options: PrepareOptions): Promise<PreparedRelease> {
  const { client, request } = options;
  const resources = await readResources(
    client,
    request.objects.map(({ object }) => object),
  );
  const objects = placeAll(request, resources);
  const found = await lookAround(client, request, objects, resources);
  const place = [...serverProblems(client, request), ...found.namespaceProblems];
  const rights = place.length > 0 ? [] : rightsProblems(found.missing);
  const problems: Problem[] = [...place, ...rights, ...ownProblems(request, objects, found)];
  // In the wrong place, or without the rights, nothing is opened and nothing tried out.
  const canAsk = place.length === 0 && rights.length === 0;
  const open = canAsk ? options.openSecrets : undefined;
  const unseal = await collectRefusal(problems, undefined, async () => open?.());
  const targets = scaleTargets([...objects.map(({ object }) => object), ...found.autoscalers]);
  const { latest, previous } = found;
  const context = { resources, targets, unseal, previous, jobs: previous?.jobs ?? {} };
  return {
    request,
    objects: canAsk ? await compareAll(options, objects, context, problems) : [],
    problems,
    latest,
    previous,
    leaving: leavingObjects(
      previous,
      objects.map(({ object }) => referenceTo(object)),
    ),
    missing: rights.length > 0 ? found.missing : [],
    scaleTargets: targets,
    unseal,
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
  const [history, namespaceProblems, parent, autoscalers, missing] = await Promise.all([
    unlessForbidden(readHistory(client, request)),
    checkNamespace(client, identity.namespace),
    unlessForbidden(readParent(client, identity)),
    liveAutoscalers(client, identity.namespace),
    missingRights(client, rights),
  ]);
  const { latest, previous, recordProblems } = history ?? NO_HISTORY;
  return { latest, previous, recordProblems, namespaceProblems, parent, autoscalers, missing };
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
    ...duplicates(objects),
    ...orderProblems(objects),
    ...reservedProblems(request.objects),
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

/** The objects in their namespaces and Jobs under the names that their content gives them. */
function placeAll(
  { objects, identity }: ReleaseRequest,
  resources: ReadonlyMap<string, ApiResource>,
): PlacedObject[] {
  const definitions = objects.map(({ object }) => object).filter(isDefinition);
  return objects.map(given => {
    const { object } = given;
    const namespaced = isNamespaced(object, resources.get(kindKey(object)), definitions);
    return {
      ...given,
      object: placed(namedByContent(object), namespaced, identity.namespace),
      source: object,
    };
  });
}

async function compareAll(
  { client, request, signal }: PrepareOptions,
  objects: readonly PlacedObject[],
  known: Pick<CompareContext, 'resources' | 'targets' | 'unseal' | 'jobs' | 'previous'>,
  problems: Problem[],
): Promise<PreparedObject[]> {
  const { identity } = request;
  const set = applySetId(identity, identity.namespace);
  const served = objects.filter(({ object }) => known.resources.has(kindKey(object)));
  const members = await readMembers(
    client,
    set,
    served.map(({ object }) => referenceTo(object)),
  );
  const seals = sealsByObject(request.seals, identity.namespace);
  const brought = objects.map(({ object }) => object);
  const context: CompareContext = { ...known, client, request, set, members, seals, brought };
  const found = objects.map((): Problem[] => []);
  const compared = await inParallel([...objects.entries()], async ([index, object]) => {
    signal?.throwIfAborted();
    const own = found[index] ?? [];
    return await collectRefusal(own, object.at, () => compareObject(context, object, own));
  });
  problems.push(...found.flat());
  return compared.filter(object => object !== undefined);
}

async function liveAutoscalers(
  client: ClusterClient,
  namespace: string,
): Promise<readonly KubernetesObject[]> {
  const query = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace };
  return (await unlessUnknown(unlessForbidden(client.list(query))))?.items ?? [];
}
