/*
 * Definitions with one or two mistakes, or none: the same for a seed. Every keyword of a schema is set to right and wrong
 * values, anywhere in it, and so is every field beside the schemas.
 */
import { isJsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { chance, mulberry32, pick } from './random.ts';
import type { Draft, Random } from './random-schemas.ts';

const text = { type: 'string' };
const rule = (more: Draft): JsonValue => [{ rule: 'true', ...more }] as never;

const KEYWORDS: Readonly<Record<string, readonly JsonValue[]>> = {
  type: ['string', 'integer', 'number', 'boolean', 'array', 'object', 'null', '', 'int', 1],
  format: ['int32', 'date', 'nonsense', '', 'byte', 'double'],
  nullable: [true, false, 'true'],
  default: [1, 'a', 'b', '', null, {}, [], true, 1.5, { a: 1 }, ['a'], { nonsense: {} }, -3],
  enum: [['a', 'b'], [1, 2], [], [null], ['a', 'a'], ['a', 1], [{}], 'a'],
  pattern: ['^a', '(', '(?=a)', '[', '\\d+', 'a{2}', '', '(?i)a', 'a**', '\\p{L}', '\\pX', '\\z'],
  minimum: [-1, 0, 1, 1.5, '1', null],
  maximum: [-1, 0, 1.5, 10],
  exclusiveMinimum: [true, false, 1],
  exclusiveMaximum: [true, 'a'],
  multipleOf: [0, -1, 2, 0.5],
  minLength: [-1, 0, 3, 1.5],
  maxLength: [-1, 0, 3],
  minItems: [-1, 1],
  maxItems: [-1, 1, '1'],
  minProperties: [-1, 1],
  maxProperties: [0, 1],
  uniqueItems: [true, false],
  required: [['a'], [], ['a', 'a'], ['nothing'], 'a', [1], [null]],
  items: [
    text,
    [text],
    {},
    true,
    null,
    { type: 'object' },
    { ...text, nonsense: 1 },
    { ...text, nullable: true },
  ],
  properties: [
    { a: text },
    {},
    { a: {} },
    { a: null },
    { metadata: { type: 'object' } },
    { metadata: text },
    { kind: { type: 'integer' } },
    { '': text },
  ],
  additionalProperties: [true, false, text, {}, null, 1, { ...text, default: 'a' }, { ...text, nonsense: 1 }],
  allOf: [
    [{ minimum: 1 }],
    [{ type: 'integer' }],
    [{ nullable: true }],
    [],
    [{ 'x-kubernetes-validations': rule({}) }],
    [{ pattern: '(' }],
    [null],
  ],
  anyOf: [
    [{ default: 1 }],
    [{ required: ['a'] }],
    [{ properties: { zz: { minimum: 1 } } }],
    [{ type: 'integer' }, { type: 'string' }],
    [{ 'x-kubernetes-validations': rule({}) }],
    {},
  ],
  oneOf: [
    [{ description: 'x' }],
    [{ items: { minimum: 1 } }],
    [{ additionalProperties: { minimum: 1 } }],
    [{ format: 'date' }],
    [{ title: 'x' }],
    [{ enum: ['a'] }, {}],
  ],
  not: [
    { required: ['a'] },
    { type: 'object' },
    {},
    { properties: { a: { minLength: 1 } } },
    { properties: { metadata: {} } },
    [],
    { 'x-kubernetes-list-type': 'set' },
  ],
  title: ['t'],
  description: ['d', 1],
  example: [1, { a: 1 }],
  externalDocs: [{ url: 'https://x' }, 'x'],
  nonsense: [1],
  id: ['x', ''],
  $schema: ['x', ''],
  $ref: ['#/x', ''],
  definitions: [{ a: text }, {}],
  patternProperties: [{ '^a': text }, {}],
  dependencies: [{ a: ['b'] }, {}],
  additionalItems: [text, true, false],
  'x-kubernetes-preserve-unknown-fields': [true, false, 'true'],
  'x-kubernetes-embedded-resource': [true, false],
  'x-kubernetes-int-or-string': [true, false],
  'x-kubernetes-list-type': ['atomic', 'set', 'map', 'list', ''],
  'x-kubernetes-list-map-keys': [['a'], [], ['name'], ['name', 'name'], ['nothing'], 'a'],
  'x-kubernetes-map-type': ['atomic', 'granular', 'map', ''],
  'x-kubernetes-nonsense': [true],
  'x-kubernetes-validations': [
    ...[
      rule({}),
      rule({ rule: '' }),
      rule({ rule: ' ' }),
      rule({ rule: 'self ===' }),
      rule({ rule: '1' }),
      rule({ rule: 'self == self' }),
    ],
    ...[
      rule({ message: '' }),
      rule({ message: ' ' }),
      rule({ message: 'a\nb' }),
      rule({ message: 'a\n' }),
      rule({ rule: 'true\n&& true' }),
    ],
    ...[
      rule({ rule: 'true\n&& true', message: 'a' }),
      rule({ reason: 'Nope' }),
      rule({ reason: 'FieldValueInvalid' }),
      rule({ reason: '' }),
    ],
    ...[
      rule({ fieldPath: '.a' }),
      rule({ fieldPath: 'a' }),
      rule({ fieldPath: '.nothing' }),
      rule({ fieldPath: ' ' }),
      rule({ fieldPath: "['a']" }),
    ],
    ...[
      rule({ fieldPath: '' }),
      rule({ fieldPath: '.a\n' }),
      rule({ fieldPath: '.' }),
      rule({ fieldPath: '[0]' }),
      rule({ fieldPath: "['a'" }),
    ],
    ...[rule({ optionalOldSelf: true }), rule({ optionalOldSelf: false }), rule({ rule: 'self == oldSelf' })],
    ...[
      rule({ rule: 'self == oldSelf', optionalOldSelf: false }),
      rule({ rule: 'oldSelf.hasValue()', optionalOldSelf: true }),
    ],
    ...[
      rule({ messageExpression: '1' }),
      rule({ messageExpression: ' ' }),
      rule({ messageExpression: "'a'" }),
      rule({ messageExpression: 'self' }),
    ],
    ...[
      rule({ messageExpression: "'a' +" }),
      rule({ messageExpression: "'oldSelf'" }),
      rule({ rule: "'oldSelf' != ''" }),
    ],
    ...[
      rule({ nonsense: 1 }),
      rule({ rule: 1 }),
      [{ message: 'a' }],
      [],
      [{}],
      'true',
      rule({ rule: 'nothing' }),
      rule({ rule: 'self.nothing' }),
    ],
  ],
};

const column = (more: Draft): JsonValue =>
  [{ name: 'A', type: 'string', jsonPath: '.spec', ...more }] as never;
const scale = (more: Draft): JsonValue =>
  ({ scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a', ...more } }) as never;
const webhook = (more: Draft, client: Draft = {}): JsonValue =>
  ({
    strategy: 'Webhook',
    webhook: {
      conversionReviewVersions: ['v1'],
      clientConfig: { service: { name: 'a', namespace: 'b', path: '/c' }, ...client },
      ...more,
    },
  }) as never;
const none = { service: undefined };

/** By the path of the field; those of versions are about the first. */
const PLACES: readonly (readonly [Path, readonly (JsonValue | undefined)[]])[] = [
  [
    ['metadata', 'name'],
    ['other.x', 'a'],
  ],
  [
    ['metadata', 'labels'],
    [{ a: 'b' }, { a: 'b c' }, { 'a b': 'c' }],
  ],
  [
    ['metadata', 'annotations'],
    [{ 'api-approved.kubernetes.io': 'unapproved' }, { 'a b': 'c' }],
  ],
  [
    ['spec', 'group'],
    ['example', 'A.b', '', 'x.k8s.io', 1, undefined],
  ],
  [
    ['spec', 'scope'],
    ['Cluster', 'Namespaced', 'namespaced', '', undefined],
  ],
  [
    ['spec', 'preserveUnknownFields'],
    [true, false],
  ],
  [['spec', 'nonsense'], [1]],
  [
    ['spec', 'names', 'plural'],
    ['UPPER', '', '1a', 'a-b', 'a.b', undefined],
  ],
  [
    ['spec', 'names', 'singular'],
    ['UPPER', '', '1a', 'a-b'],
  ],
  [
    ['spec', 'names', 'kind'],
    ['', 'a b', '9x', 'A-b', 'a.b', undefined, 'x'.repeat(64)],
  ],
  [
    ['spec', 'names', 'listKind'],
    ['', 'a b', 'Lists', 'x'.repeat(64)],
  ],
  [
    ['spec', 'names', 'shortNames'],
    [['ok'], ['BAD'], ['a', 'a'], [''], 'a'],
  ],
  [
    ['spec', 'names', 'categories'],
    [['all'], ['A b'], []],
  ],
  [
    ['spec', 'conversion'],
    [
      { strategy: 'None' },
      { strategy: 'Other' },
      {},
      { strategy: '' },
      { strategy: 'Webhook' },
      webhook({}),
      webhook({}, { url: 'https://a/b' }),
    ],
  ],
  [
    ['spec', 'conversion'],
    [
      webhook({ conversionReviewVersions: [] }),
      webhook({ conversionReviewVersions: ['v2'] }),
      webhook({ conversionReviewVersions: ['v1', 'v1'] }),
    ],
  ],
  [
    ['spec', 'conversion'],
    [
      webhook({ conversionReviewVersions: ['v1', 'V'] }),
      webhook({}, none),
      webhook({}, { ...none, url: 'http://a' }),
      webhook({}, { ...none, url: 'https://a/b' }),
    ],
  ],
  [
    ['spec', 'conversion'],
    [
      webhook({}, { ...none, url: 'https://u@a/b' }),
      webhook({}, { ...none, url: 'https://a/?b#c' }),
      webhook({}, { service: { name: 'a' } }),
      webhook({ clientConfig: undefined }),
    ],
  ],
  [
    ['spec', 'conversion'],
    [
      webhook({}, { service: { name: 'a', namespace: 'b', path: 'c', port: 0 } }),
      { strategy: 'None', webhook: { conversionReviewVersions: ['v1'] } },
      webhook({}, { caBundle: 'YQ==' }),
    ],
  ],
  [
    ['spec', 'versions'],
    [[], undefined, null, [null]],
  ],
  [
    ['spec', 'versions', 0, 'name'],
    ['V1', '1v', 'v1.2', '', 'v1beta1', undefined, 'x'.repeat(64)],
  ],
  [
    ['spec', 'versions', 0, 'served'],
    [false, undefined, 'true'],
  ],
  [
    ['spec', 'versions', 0, 'storage'],
    [false, undefined],
  ],
  [['spec', 'versions', 1, 'storage'], [true]],
  [
    ['spec', 'versions', 0, 'deprecated'],
    [true, false],
  ],
  [
    ['spec', 'versions', 0, 'deprecationWarning'],
    ['x', '', 'x'.repeat(257), 'a\nb', '\u00a0', 'é'],
  ],
  [
    ['spec', 'versions', 0, 'schema'],
    [undefined, {}, null, { openAPIV3Schema: null }, { openAPIV3Schema: {} }],
  ],
  [
    ['spec', 'versions', 0, 'subresources'],
    [
      {},
      { status: {} },
      { status: null },
      { nonsense: {} },
      scale({}),
      scale({ specReplicasPath: 'spec.a' }),
    ],
  ],
  [
    ['spec', 'versions', 0, 'subresources'],
    [
      scale({ specReplicasPath: '.a' }),
      scale({ specReplicasPath: '' }),
      scale({ statusReplicasPath: '.spec.a' }),
      scale({ labelSelectorPath: '.a' }),
    ],
  ],
  [
    ['spec', 'versions', 0, 'subresources'],
    [
      scale({ labelSelectorPath: '.status.a' }),
      scale({ specReplicasPath: undefined }),
      scale({ specReplicasPath: '.spec..a' }),
      { scale: {} },
    ],
  ],
  [
    ['spec', 'versions', 0, 'additionalPrinterColumns'],
    [
      column({}),
      column({ type: 'text' }),
      column({ name: '' }),
      column({ jsonPath: 'spec' }),
      column({ jsonPath: '' }),
    ],
  ],
  [
    ['spec', 'versions', 0, 'additionalPrinterColumns'],
    [
      column({ format: 'date' }),
      column({ format: 'x' }),
      column({ priority: 1 }),
      column({ type: undefined }),
      column({ jsonPath: '.spec[0]' }),
      [],
    ],
  ],
  [['status'], [{}, { storedVersions: ['v9'] }]],
];

const SELECTABLE: readonly JsonValue[] = [
  ...[
    [{ jsonPath: '.spec.a' }],
    [{ jsonPath: '.spec' }],
    [{ jsonPath: '.metadata.name' }],
    [{ jsonPath: 'spec' }],
  ],
  ...[
    [{ jsonPath: '' }],
    [{}],
    [{ jsonPath: '.kind' }],
    [{ jsonPath: '.spec.name' }, { jsonPath: '.spec.name' }],
  ],
  ...[[{ jsonPath: ".spec['a']" }], []],
];

/** The definitions, most of them with mistakes. */
export function mutateDefinitions(
  definitions: readonly KubernetesObject[],
  seed: number,
): KubernetesObject[] {
  const random = mulberry32(seed);
  return definitions.map(definition => {
    const draft = structuredClone(definition) as Draft;
    const times = pick(random, [0, 1, 1, 1, 2]);
    if (times === 1 && chance(random, 0.04)) setSelectable(draft, random);
    else for (let time = 0; time < times; time += 1) change(draft, random);
    // What is undefined is not there.
    const mutated = JSON.parse(JSON.stringify(draft)) as KubernetesObject;
    return isComparable(mutated) ? mutated : definition;
  });
}

/** Only definitions whose types agree with what is within them are compared: for others a server may give no verdict. */
function isComparable(definition: KubernetesObject): boolean {
  const { versions } = (definition['spec'] ?? {}) as Draft;
  const schemas = (Array.isArray(versions) ? versions : []).flatMap((version: Draft | null) =>
    schemasIn(version?.['schema']?.openAPIV3Schema),
  );
  return schemas.every(({ type, items, additionalProperties: values, ...more }) => {
    const isEither = more['x-kubernetes-int-or-string'] === true;
    // A server takes any default of an integer or text, and then refuses the objects that it is filled into.
    if (isEither && more['default'] !== undefined) return false;
    return (
      (!isJsonObject(items) || (type === 'array' && !isEither)) &&
      (!isJsonObject(values) || (type === 'object' && !isEither))
    );
  });
}

function change(draft: Draft, random: Random): void {
  if (chance(random, 0.35)) set(draft, ...randomPlace(random));
  else changeSchema(draft, random);
}

/** Only paths of fields that the schema describes. */
function setSelectable(draft: Draft, random: Random): void {
  const spec = valueAt(draft as JsonValue, [
    'spec',
    'versions',
    0,
    'schema',
    'openAPIV3Schema',
    'properties',
    'spec',
  ]);
  if (!isJsonObject(spec) || !isJsonObject(spec['properties'])) return;
  const selectable = pick(random, SELECTABLE);
  set(draft, ['spec', 'versions', 0, 'selectableFields'], selectable);
  const isSecond = isJsonObject(valueAt(draft as JsonValue, ['spec', 'versions', 1]));
  if (isSecond && chance(random, 0.5)) set(draft, ['spec', 'versions', 1, 'selectableFields'], selectable);
}

function randomPlace(random: Random): [Path, JsonValue | undefined] {
  const [path, values] = pick(random, PLACES);
  return [path, pick(random, values)];
}

function set(draft: Draft, path: Path, value: JsonValue | undefined): void {
  const parent = valueAt(draft as JsonValue, path.slice(0, -1)) as Draft | undefined;
  const key = String(path.at(-1));
  if (typeof parent !== 'object' || parent === null) return;
  if (value === undefined) delete parent[key];
  else parent[key] = structuredClone(value);
}

function changeSchema(draft: Draft, random: Random): void {
  const roots = schemasIn(valueAt(draft as JsonValue, ['spec', 'versions', 0, 'schema', 'openAPIV3Schema']));
  if (roots.length === 0) return;
  const schema = chance(random, 0.15) ? (roots[0] as Draft) : pick(random, roots);
  const keys = Object.keys(schema);
  if (keys.length > 0 && chance(random, 0.15)) {
    delete schema[pick(random, keys)];
    return;
  }
  const word = pick(random, Object.keys(KEYWORDS));
  schema[word] = structuredClone(pick(random, KEYWORDS[word] ?? []));
}

/** The schema and those within it, those of junctors included. */
function schemasIn(value: JsonValue | undefined): Draft[] {
  if (!isJsonObject(value)) return [];
  const { properties, items, additionalProperties, not } = value;
  const junctors = ['allOf', 'anyOf', 'oneOf'].flatMap(word =>
    Array.isArray(value[word]) ? value[word] : [],
  );
  const inner = [
    items,
    additionalProperties,
    not,
    ...junctors,
    ...(isJsonObject(properties) ? Object.values(properties) : []),
  ];
  return [value as Draft, ...inner.flatMap(part => schemasIn(part as JsonValue))];
}
