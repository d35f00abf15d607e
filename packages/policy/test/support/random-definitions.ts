/* CustomResourceDefinitions: the same for a seed, each of one or two versions, in the namespace or the cluster. */
import type { KubernetesObject } from '@slipway/kubernetes';
import { chance, mulberry32, pick } from './random.ts';
import { type Draft, FIELDS, fragmentOf, type Random, schemaOf } from './random-schemas.ts';

export const GROUP = 'random.slipway.dev';
const DEPTH = 3;

/** Definitions whose names no other of the same seed has. */
export function randomDefinitions(seed: number, count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, index) =>
    randomDefinition(mulberry32(seed * 1_000_003 + index), `s${seed}n${index}`),
  );
}

function randomDefinition(random: Random, name: string): KubernetesObject {
  const names = {
    ...{ plural: `${name}s`, kind: `K${name}` },
    ...(chance(random, 0.7) ? { singular: name, listKind: `K${name}List` } : {}),
    ...(chance(random, 0.2) ? { shortNames: [`x${name}`], categories: ['all'] } : {}),
  };
  const schema = rootOf(random);
  const versions = [versionOf('v1', true, schema, random)];
  if (chance(random, 0.25))
    versions.push(versionOf('v1beta1', false, chance(random, 0.5) ? schema : rootOf(random), random));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${GROUP}` },
    spec: { group: GROUP, scope: pick(random, ['Namespaced', 'Namespaced', 'Cluster']), names, versions },
  } as KubernetesObject;
}

function versionOf(name: string, storage: boolean, openAPIV3Schema: Draft, random: Random): Draft {
  const scale = { specReplicasPath: '.spec.port', statusReplicasPath: '.status.port' };
  const subresources = pick(random, [undefined, undefined, { status: {} }, { scale }, { status: {}, scale }]);
  const column = { name: 'A', type: pick(random, ['string', 'integer', 'date']), jsonPath: '.spec.a' };
  return {
    ...{ name, served: true, storage, schema: { openAPIV3Schema } },
    ...(subresources === undefined ? {} : { subresources }),
    ...(chance(random, 0.2) ? { additionalPrinterColumns: [column] } : {}),
    ...(chance(random, 0.1) ? { deprecated: true, deprecationWarning: 'use another' } : {}),
  };
}

/** Some fields of a root are those that every object has. */
function rootOf(random: Random): Draft {
  const properties: Draft = { spec: rootField(random) };
  if (chance(random, 0.4)) properties['status'] = rootField(random);
  if (chance(random, 0.2)) properties[pick(random, FIELDS.slice(0, 5))] = schemaOf(random, 1);
  if (chance(random, 0.2)) properties['metadata'] = { type: 'object' };
  if (chance(random, 0.1))
    properties['metadata'] = {
      type: 'object',
      properties: { name: nameOf(random) },
    };
  if (chance(random, 0.2))
    Object.assign(properties, { kind: { type: 'string' }, apiVersion: { type: 'string' } });
  const root = { type: 'object', properties, ...(chance(random, 0.4) ? { required: ['spec'] } : {}) };
  return { ...root, ...(chance(random, 0.3) ? detailOf(root, random) : {}) };
}

function nameOf(random: Random): Draft {
  const rule = { 'x-kubernetes-validations': [{ rule: "self != 'two'" }] };
  return { type: 'string', maxLength: 4, ...pick(random, [{ pattern: '^[a-z]+$' }, rule]) };
}

function rootField(random: Random): Draft {
  const schema = schemaOf(random, DEPTH);
  // What is worth looking at is in objects.
  return schema['properties'] === undefined && chance(random, 0.8) ? rootField(random) : schema;
}

function detailOf(root: Draft, random: Random): Draft {
  const rule = pick(random, [
    ...["self.metadata.name != 'two'", "self.metadata.name.startsWith('o')", 'has(self.spec)'],
    ...["self.apiVersion.endsWith('v1')", "self.kind != 'x'", 'has(self.status) || true'],
  ]);
  return pick(random, [
    { 'x-kubernetes-validations': [{ rule, message: 'the root must be right' }] },
    { 'x-kubernetes-validations': [{ rule }] },
    { 'x-kubernetes-preserve-unknown-fields': true },
    { anyOf: [fragmentOf({ ...root, properties: { spec: root['properties'].spec } }, random, 2)] },
  ]);
}
