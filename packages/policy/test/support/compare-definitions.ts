import { inParallel } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type Answer, type ApiServer, until } from '@slipway/testkit/cluster';
import { parseDocuments } from '@slipway/yaml';
import { check } from '../../src/index.ts';
import type { Against } from './compare-objects.ts';
import { mutateDefinitions } from './mutate-definitions.ts';
import { randomDefinitions } from './random-definitions.ts';
import type { Draft } from './random-schemas.ts';
import { randomObject } from './random-values.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const QUERY = 'dryRun=All&fieldManager=parity&force=true&fieldValidation=Strict';

export interface Verdict {
  /** The definition, or the object as text, and what it is of. */
  readonly given: unknown;
  readonly of?: unknown;
  readonly own: readonly string[];
  /** What the server said, or `accepted`. */
  readonly server: string;
}

export interface Comparison {
  readonly comparisons: number;
  readonly refused: number;
  /** How many of those that the server refused are errors here. */
  readonly found: number;
  /** What is an error here and the server takes, and the other way round. */
  readonly differences: readonly Verdict[];
}

/** Compares what is said of definitions, most of them with mistakes, with what server-side apply says in a dry run. */
export async function compareDefinitions(seed: number, count: number, against: Against): Promise<Comparison> {
  const definitions = mutateDefinitions(randomDefinitions(seed, count), seed);
  const verdicts = await inParallel(definitions, async (definition): Promise<Verdict> => {
    const answer = await apply(DEFINITIONS, definition.metadata.name, definition, against.server);
    return { given: definition, own: await errorsOf(definition, [], against), server: saidBy(answer) };
  });
  return compared(verdicts);
}

/** Compares what is said of `objects` objects of each of `count` definitions with what server-side apply says in a dry run. */
export async function compareCustomResources(
  seed: number,
  count: number,
  objects: number,
  against: Against,
): Promise<Comparison> {
  const definitions = await establish(randomDefinitions(seed, count), against);
  const given = definitions.flatMap((definition, index) =>
    Array.from({ length: objects }, (_, number) => ({
      definition,
      text: randomObject(definition, (seed * 1009 + index) * 100_003 + number),
    })),
  );
  const verdicts = await inParallel(given, async ({ definition, text }): Promise<Verdict> => {
    const object = parseDocuments(text, 'object')[0]?.value as unknown as KubernetesObject;
    const path = pathOf(definition, object, against);
    const own = await errorsOf(object, [definition], against);
    return {
      given: text,
      of: definition,
      own,
      server: await saidOf(path, object.metadata.name, text, own, against),
    };
  });
  await inParallel(definitions, ({ metadata }) =>
    against.server.send('DELETE', `${DEFINITIONS}/${metadata.name}`),
  );
  return compared(verdicts);
}

/**
 * What the server says of an object. What it drops from an applied one it says nothing about where a map may have any values or no
 * field; a create of the same object says it.
 */
async function saidOf(
  path: string,
  name: string,
  text: string,
  own: readonly string[],
  { server }: Against,
): Promise<string> {
  const said = saidBy(await apply(path, name, text, server));
  const isDropped = own.length > 0 && own.every(error => error.startsWith('schema/unknown-field'));
  return said === 'accepted' && isDropped
    ? saidBy(await server.send('POST', `${path}?${QUERY}`, text))
    : said;
}

/** Those of the definitions that the server takes, as soon as it serves them. */
async function establish(
  definitions: readonly KubernetesObject[],
  { server }: Against,
): Promise<KubernetesObject[]> {
  const answers = await inParallel(definitions, definition => server.send('POST', DEFINITIONS, definition));
  const taken = definitions.filter((_, index) => (answers[index]?.status ?? 500) < 300);
  await inParallel(taken, async definition => {
    const { group, names, versions } = definition['spec'] as Draft;
    for (const { name } of versions as Draft[])
      await until(
        async () => (await server.send('GET', `/apis/${group}/${name}/${names.plural}`)).status === 200,
      );
  });
  return taken;
}

function pathOf(
  definition: KubernetesObject,
  { apiVersion }: KubernetesObject,
  { namespace }: Against,
): string {
  const { names, scope } = definition['spec'] as Draft;
  return `/apis/${apiVersion}/${scope === 'Cluster' ? '' : `namespaces/${namespace}/`}${names.plural}`;
}

function apply(path: string, name: string, object: unknown, server: ApiServer): Promise<Answer> {
  return server.send(
    'PATCH',
    `${path}/${encodeURIComponent(name)}?${QUERY}`,
    object,
    'application/apply-patch+yaml',
  );
}

function saidBy({ status, body }: Answer): string {
  return status < 300 ? 'accepted' : `${status} ${String(body.message)}`;
}

async function errorsOf(
  object: KubernetesObject,
  customResources: readonly KubernetesObject[],
  { minor, namespace }: Against,
): Promise<string[]> {
  const found = await check({
    objects: [{ object }],
    ...{ policies: [], packs: [], kubernetesVersion: `1.${minor}`, namespace, customResources },
  });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, pointer, message }) => `${rule} ${pointer}: ${message}`);
}

/** What rules may cost by an estimate is not estimated here. */
const IS_ESTIMATE = /exceeds budget by factor|exceeding cost limit/;

function compared(all: readonly Verdict[]): Comparison {
  const verdicts = all.filter(({ own, server }) => own.length > 0 || !IS_ESTIMATE.test(server));
  const refused = verdicts.filter(({ server }) => server !== 'accepted');
  return {
    comparisons: verdicts.length,
    refused: refused.length,
    found: refused.filter(({ own }) => own.length > 0).length,
    differences: verdicts.filter(({ own, server }) => own.length > 0 !== (server !== 'accepted')),
  };
}
