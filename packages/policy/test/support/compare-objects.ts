import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type Answer, type ApiServer, createAll, until } from '@slipway/testkit/cluster';
import { parseDocuments } from '@slipway/yaml';
import { check } from '../../src/index.ts';
import { readBuiltInSchemas } from '../../src/schemas/built-in.ts';
import { openCatalog } from '../../src/schemas/catalog.ts';
import { readCustomKinds } from '../../src/schemas/custom-resources.ts';
import type { KindSchema } from '../../src/schemas/schema.ts';
import { holders } from './holders.ts';
import { mutateObject, stockOf } from './mutate-objects.ts';
import { mulberry32, pick } from './random.ts';

export interface ObjectDifference {
  readonly object: KubernetesObject;
  readonly own: readonly string[];
  readonly server: string;
}

export interface ObjectComparison {
  readonly comparisons: number;
  readonly refused: number;
  /** How many of those that the server refused are errors here. */
  readonly found: number;
  /** What the server refused and the check passes, by the message without the parts that vary. */
  readonly missed: ReadonlyMap<string, number>;
  /** Objects that the server takes and that are errors here. */
  readonly differences: readonly ObjectDifference[];
}

export interface Against {
  readonly server: ApiServer;
  readonly namespace: string;
  readonly minor: number;
}

/** Objects that a server takes, of built-in kinds and of the definitions in holders.ts. */
function seedsOf(minor: number): (readonly [KubernetesObject, KindSchema])[] {
  const file = readBuiltInSchemas(`1.${minor}`);
  const catalog = openCatalog(file, readCustomKinds(holders.definitions, openCatalog(file)));
  const objects = ['objects.yaml', 'required.yaml', 'valid.yaml'].flatMap(name =>
    parseDocuments(readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8'), name).flatMap(
      ({ value }) => (value === null ? [] : [value as KubernetesObject]),
    ),
  );
  return [...objects, ...holders.objects].flatMap(object => {
    const kind = catalog.find(object.apiVersion, object.kind);
    return kind === undefined ? [] : [[object, kind] as const];
  });
}

/** Creates a namespace and the definitions, and waits until these are served. */
export async function openNamespace(server: ApiServer, namespace: string): Promise<void> {
  await createAll(server, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const definition of holders.definitions) await server.send('POST', definitions, definition);
  const path = `/apis/parity.slipway.dev/v1/namespaces/${namespace}/holders`;
  await until(async () => (await server.send('GET', path)).status === 200);
}

/** Compares what is said of changed objects with what server-side apply says in a dry run. */
export async function compareObjects(
  seed: number,
  count: number,
  against: Against,
): Promise<ObjectComparison> {
  const seeds = seedsOf(against.minor);
  const stock = stockOf(seeds);
  const random = mulberry32(seed);
  const missed = new Map<string, number>();
  const differences: ObjectDifference[] = [];
  const total = { comparisons: 0, refused: 0, found: 0 };
  for (let index = 0; index < count; index += 1) {
    const [valid, kind] = pick(random, seeds);
    const object = mutateObject(valid, kind, stock, seed * 1_000_003 + index);
    const answer = await dryRun(object, kind, against);
    // What admission plugins say depends on what else is in the cluster.
    if (answer.status === 403 || answer.status === 404 || answer.status === 409) continue;
    const own = await errorsOf(object, against);
    total.comparisons += 1;
    if (answer.status < 300) {
      if (own.length > 0) differences.push({ object, own, server: 'accepted' });
      continue;
    }
    total.refused += 1;
    if (own.length > 0) total.found += 1;
    else for (const message of kindsOf(answer, object)) missed.set(message, (missed.get(message) ?? 0) + 1);
  }
  return { ...total, missed, differences };
}

async function errorsOf(object: KubernetesObject, { minor, namespace }: Against): Promise<string[]> {
  const found = await check({
    objects: [{ object }],
    ...{ policies: [], packs: [], kubernetesVersion: `1.${minor}`, namespace },
    customResources: holders.definitions,
  });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, pointer, message }) => `${rule} ${pointer}: ${message}`);
}

function dryRun(
  object: KubernetesObject,
  { apiVersion, plural, namespaced }: KindSchema,
  { server, namespace }: Against,
): Promise<Answer> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespaced ? `${root}/namespaces/${namespace}` : root;
  const query = 'dryRun=All&fieldManager=parity&force=true&fieldValidation=Strict';
  const path = `${scope}/${plural}/${encodeURIComponent(object.metadata.name)}?${query}`;
  return server.send('PATCH', path, object, 'application/apply-patch+yaml');
}

/** Each cause of a refusal, without the values that vary. */
function kindsOf({ body, status }: Answer, { kind }: KubernetesObject): string[] {
  const causes: readonly { readonly field?: string; readonly message?: string }[] =
    body.details?.causes ?? [];
  if (causes.length === 0) return [`${kind} ${status}: ${plain(String(body.message))}`];
  return causes.map(
    ({ field = '', message = '' }) => `${kind} ${field.replace(/\[[^\]]*\]/g, '')}: ${plain(message)}`,
  );
}

function plain(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\d+/g, 'N')
    .slice(0, 160);
}
