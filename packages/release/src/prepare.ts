import type { ApiResource, ClusterClient } from '@slipway/cluster';
import {
  type KubernetesObject,
  type Problem,
  type RecordedObject,
  type Release,
  referenceTo,
} from '@slipway/core';
import { scaleTargets } from './autoscaling.ts';
import { sealsByObject } from './body.ts';
import { imageProblems, outsideProblems, reservedProblems } from './boundaries.ts';
import { checkNamespace } from './check-namespace.ts';
import { serverProblems } from './check-server.ts';
import { type CompareContext, compareObject, type PreparedObject } from './compare.ts';
import { parentProblems, readParent } from './inventory.ts';
import { namedByContent } from './jobs.ts';
import { leavingObjects } from './leaving.ts';
import { kindKey, readMembers, readResources, unlessForbidden, unlessUnknown } from './live.ts';
import { applySetId } from './names.ts';
import { duplicates, isDefinition, isNamespaced, placed } from './normalise.ts';
import { inParallel } from './parallel.ts';
import { listReleases, readReleases } from './records.ts';
import { collectRefusal } from './refusals.ts';
import type { PlacedObject, ReleaseRequest, Unseal } from './request.ts';
import { snapshotProblems } from './snapshot-age.ts';
import { orderProblems } from './stages.ts';

export interface PrepareOptions {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  /** Opens the secrets. Without it their content is taken to be what the live Secrets hold. */
  readonly openSecrets?: (() => Promise<Unseal>) | undefined;
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
  const { identity } = request;
  const [resources, history, namespaceProblems, parent, autoscalers] = await Promise.all([
    readResources(
      client,
      request.objects.map(({ object }) => object),
    ),
    readHistory(client, request),
    checkNamespace(client, identity.namespace),
    unlessForbidden(readParent(client, identity)),
    liveAutoscalers(client, identity.namespace),
  ]);
  const objects = placeAll(request, resources);
  const targets = scaleTargets([...objects.map(({ object }) => object), ...autoscalers]);
  const problems: Problem[] = [
    ...serverProblems(client, request),
    ...namespaceProblems,
    ...(request.adopt ? [] : parentProblems(parent, identity)),
    ...duplicates(objects),
    ...orderProblems(objects),
    ...reservedProblems(request.objects),
    ...outsideProblems(objects, identity.namespace, request.allow),
    ...imageProblems(objects, request.snapshot),
    ...snapshotProblems(request, history.previous),
  ];
  // In the wrong place nothing is opened, and nothing tried out.
  const canAsk = namespaceProblems.length === 0 && serverProblems(client, request).length === 0;
  const open = canAsk ? options.openSecrets : undefined;
  const unseal = await collectRefusal(problems, undefined, async () => open?.());
  const context = { resources, targets, unseal, jobs: history.jobs };
  const prepared = canAsk ? await compareAll(options, objects, context, problems) : [];
  const { latest, previous } = history;
  const leaving = leavingObjects(
    previous,
    objects.map(({ object }) => referenceTo(object)),
  );
  return { request, objects: prepared, problems, latest, previous, leaving, scaleTargets: targets, unseal };
}

async function readHistory(client: ClusterClient, { identity }: ReleaseRequest) {
  const latest = (await listReleases(client, identity))[0]?.number ?? 0;
  const [previous] = latest === 0 ? [] : await readReleases(client, identity, [latest]);
  return { latest, previous, jobs: previous?.jobs ?? {} };
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
  { client, request }: PrepareOptions,
  objects: readonly PlacedObject[],
  known: Pick<CompareContext, 'resources' | 'targets' | 'unseal' | 'jobs'>,
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
  const compared = await inParallel([...objects.entries()], ([index, object]) => {
    const own = found[index] ?? [];
    return collectRefusal(own, object.at, () => compareObject(context, object, own));
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
