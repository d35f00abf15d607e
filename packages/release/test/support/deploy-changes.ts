import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import {
  inParallel,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  stringifyJson,
  valueAt,
} from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { createNamespace } from '@slipway/testkit/cluster';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { ALL_LISTS, type Random, type RandomList, randomOf } from './random-lists.ts';

export interface DeployedChanges {
  /** Manifests that were deployed over others. */
  readonly changes: number;
  readonly written: number;
  readonly unchanged: number;
  /** How often each object was deployed a second time. */
  readonly repeated: number;
  /** What was said, written or live that does not agree with the others. */
  readonly differences: readonly string[];
}

interface Options {
  readonly seed: number;
  /** Each deploys one object per kind of list, twice. */
  readonly rounds: number;
  readonly namespace: string;
  readonly onRound?: (round: number) => void;
}

/**
 * Deploys random changes to lists of many kinds on a real API server. What a list must be is asked with a dry run that creates the
 * same object under another name: the server's own normalisation, without any merge.
 */
export async function deployChanges(client: ClusterClient, options: Options): Promise<DeployedChanges> {
  const { seed, rounds, namespace, onRound } = options;
  await createNamespace(client, namespace);
  const random = randomOf(seed);
  let before = draw(random, []);
  await deploy(client, requestFor(namespace, before));
  const totals = { changes: 0, written: 0, unchanged: 0, repeated: 0, differences: [] as string[] };
  for (let round = 1; round <= rounds; round++) {
    onRound?.(round);
    const after = draw(random, before);
    const first = await deployed(client, namespace, after);
    const found = await inParallel([...ALL_LISTS.entries()], ([index, list]) =>
      differencesOf(client, namespace, list, [before[index] ?? {}, after[index] ?? {}], first[index]),
    );
    const again = await deployed(client, namespace, after);
    const moved = again.flatMap((outcome, index) =>
      outcome.said === 'unchanged' && !outcome.written && outcome.version === first[index]?.version
        ? []
        : [
            `${ALL_LISTS[index]?.title}: ${outcome.said} the second time: ${stringifyJson(after[index] ?? {})}`,
          ],
    );
    totals.changes += ALL_LISTS.length;
    totals.repeated += again.length;
    totals.written += first.filter(({ written }) => written).length;
    totals.unchanged += first.filter(({ said }) => said === 'unchanged').length;
    totals.differences.push(...found.flat(), ...moved);
    before = after;
  }
  return totals;
}

/** A manifest for each list; a fourth of them stay as they are. */
function draw(random: Random, before: readonly JsonObject[]): JsonObject[] {
  return ALL_LISTS.map((list, index) => {
    const next = list.manifest(`list-${index}`, random);
    return random() < 0.25 ? (before[index] ?? next) : next;
  });
}

interface Outcome {
  readonly said: string;
  readonly written: boolean;
  readonly version: string;
  readonly live: KubernetesObject | undefined;
}

/** What is said and written of each object, and what is live afterwards. */
async function deployed(
  client: ClusterClient,
  namespace: string,
  manifests: readonly JsonObject[],
): Promise<Outcome[]> {
  const { prepared, release } = await deploy(client, requestFor(namespace, manifests));
  return await inParallel([...prepared.objects.entries()], async ([index, { object, action }]) => {
    const live = await client.get(referenceTo(object));
    return {
      said: action,
      written: release.objects[index]?.written === true,
      version: versionOf(live),
      live,
    };
  });
}

/** What moves if someone writes the object, and not if a controller writes its status. */
function versionOf(live: KubernetesObject | undefined): string {
  const generation = live?.metadata['generation'];
  return String(generation ?? (live?.['status'] === undefined ? live?.metadata['resourceVersion'] : ''));
}

async function differencesOf(
  client: ClusterClient,
  namespace: string,
  list: RandomList,
  [before, after]: readonly [JsonObject, JsonObject],
  outcome: Outcome | undefined,
): Promise<string[]> {
  const [old, wanted] = await Promise.all(
    [before, after].map(manifest => asCreated(client, namespace, manifest, list.path)),
  );
  const live = listAt(outcome?.live, list.path);
  const isSaid = outcome?.said !== 'unchanged';
  const about = `${stringifyJson(before)} -> ${stringifyJson(after)}: live ${stringifyJson(live ?? null)}`;
  return [
    ...(isDeepStrictEqual(live, wanted) ? [] : [`${list.title}: not live: ${about}`]),
    ...(isSaid === outcome?.written
      ? []
      : [`${list.title}: said ${outcome?.said}, written ${outcome?.written}`]),
    ...(isSaid || isDeepStrictEqual(old, wanted) ? [] : [`${list.title}: called unchanged: ${about}`]),
    ...(isSaid && isDeepStrictEqual(before, after) ? [`${list.title}: called changed: ${about}`] : []),
  ];
}

/** The part of an object that the server makes of a manifest if nothing is there yet. */
async function asCreated(
  client: ClusterClient,
  namespace: string,
  manifest: JsonObject,
  path: readonly string[],
): Promise<JsonValue | undefined> {
  const metadata = { ...(manifest['metadata'] as JsonObject), name: 'another', namespace };
  const { object } = await client.apply({ ...manifest, metadata } as unknown as KubernetesObject, {
    fieldManager: 'another',
    force: false,
    dryRun: true,
  });
  return listAt(object, path);
}

/** A value without what the server chooses for each object. */
function listAt(object: KubernetesObject | undefined, path: readonly string[]): JsonValue | undefined {
  return object === undefined ? undefined : plain(valueAt(object, path) ?? null);
}

function plain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => plain(item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}
