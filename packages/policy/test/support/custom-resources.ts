import type { KubernetesObject } from '@slipway/kubernetes';

// biome-ignore lint/suspicious/noExplicitAny: schemas and objects of every form, wrong ones included
type Json = any;

const T = { type: 'string' };
const I = { type: 'integer' };
const STATUS = {
  type: 'object',
  required: ['phase'],
  properties: { phase: { type: 'string', enum: ['a'] } },
  'x-kubernetes-validations': [{ rule: "self.phase != 'b'" }],
};

function definition(
  name: string,
  spec: Json,
  more: Record<string, Json> = {},
  subresources: Record<string, Json> = {},
): KubernetesObject {
  const status = 'status' in subresources ? { status: STATUS } : {};
  const properties = spec === undefined ? {} : { properties: { spec, ...status } };
  const kind = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${name}s.test.slipway.dev` },
    spec: {
      group: 'test.slipway.dev',
      scope: 'Namespaced',
      names: { plural: `${name}s`, singular: name, kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', ...properties, ...more } },
          subresources,
        },
      ],
    },
  } as never;
}

export const shapes = definition('shape', {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 10 },
    name: { type: 'string', maxLength: 5, pattern: '^[a-z]+$' },
    colour: { type: 'string', enum: ['red', 'blue'], default: 'red' },
    ratio: { type: 'number', multipleOf: 0.5 },
    port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    nul: { type: 'string', nullable: true },
    notnul: { type: 'string' },
    defnul: { type: 'string', default: 'd' },
    set: { type: 'array', items: T, 'x-kubernetes-list-type': 'set' },
    list: {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        required: ['key'],
        properties: { key: T, value: I, proto: { type: 'string', default: 'tcp' } },
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['key', 'proto'],
    },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: I } },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    map: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
    freemap: { type: 'object', additionalProperties: true },
    when: { type: 'string', format: 'date-time' },
    ip: { type: 'string', format: 'ipv4' },
    uri: { type: 'string', format: 'uri' },
    id: { type: 'string', format: 'uuid' },
    bytes: { type: 'string', format: 'byte' },
    dur: { type: 'string', format: 'duration' },
    odd: { type: 'string', format: 'frob' },
    i32: { type: 'integer', format: 'int32' },
    mail: { type: 'string', format: 'email' },
    host: { type: 'string', format: 'hostname' },
    cidr: { type: 'string', format: 'cidr' },
    mac: { type: 'string', format: 'mac' },
    day: { type: 'string', format: 'date' },
    short: { type: 'string', format: 'k8s-short-name' },
    one: { type: 'object', properties: { a: I, b: I }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    not: { type: 'integer', not: { enum: [3] } },
    all: { type: 'integer', allOf: [{ minimum: 2 }, { maximum: 4 }] },
    anyo: { type: 'string', anyOf: [{ pattern: '^a' }, { pattern: 'z$' }] },
    nested: {
      type: 'object',
      properties: {
        deep: { type: 'object', default: {}, properties: { x: { type: 'integer', default: 7 } } },
      },
    },
    emb: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    excl: { type: 'integer', minimum: 5, exclusiveMinimum: true },
    type: { type: 'string', default: 'A' },
    union: {
      type: 'object',
      properties: {
        type: { type: 'string', default: 'A' },
        more: T,
        nul: { type: 'string', nullable: true },
      },
      oneOf: [{ properties: { type: { enum: ['A'] } } }, { properties: { type: { not: { enum: ['A'] } } } }],
    },
    either: {
      type: 'object',
      properties: { a: I, b: I, c: { type: 'integer', default: 1 } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    without: {
      type: 'object',
      properties: { a: I, b: { type: 'integer', default: 1 } },
      not: { required: ['a'] },
    },
    filled: { type: 'object', minProperties: 1, properties: { a: I, b: { type: 'integer', default: 1 } } },
    counted: { type: 'object', maxProperties: 1, additionalProperties: I },
    alone: { type: 'object', maxProperties: 1, properties: { a: I, b: { type: 'integer', default: 1 } } },
    items: {
      type: 'array',
      items: { type: 'object', properties: { a: I, b: { type: 'integer', default: 1 } }, minProperties: 1 },
    },
    mp: { type: 'object', minProperties: 1, maxProperties: 2, properties: { a: I, b: I, c: I } },
  },
});
/** With a status that is written through a path of its own. */
export const statused = definition('statused', { type: 'object', properties: { a: I } }, {}, { status: {} });
/** With fields beside spec that its schema does not name. */
export const opened: KubernetesObject = definition('opened', undefined, {
  'x-kubernetes-preserve-unknown-fields': true,
});

const R = (rule: string, more: Record<string, Json> = {}) => ({ rule, ...more });
export const ruled = definition(
  'ruled',
  {
    type: 'object',
    'x-kubernetes-validations': [
      R('!has(self.min) || !has(self.max) || self.min <= self.max', { message: 'min must not exceed max' }),
      R("!has(self.name) || self.name.startsWith('a')", {
        messageExpression: "'name ' + self.name + ' is bad'",
        fieldPath: '.name',
        reason: 'FieldValueForbidden',
      }),
      R('!has(oldSelf.fixed) || (has(self.fixed) && self.fixed == oldSelf.fixed)', {
        message: 'fixed cannot change',
      }),
      R('!oldSelf.hasValue() || !has(oldSelf.value().grow) || self.grow >= oldSelf.value().grow', {
        optionalOldSelf: true,
        message: 'grow grows',
      }),
      R('!has(self.broken) || self.broken[5] == 1'),
      R('!has(self.dup) || self.dup > 1', { reason: 'FieldValueDuplicate', fieldPath: '.dup' }),
      R('!has(self.req) || self.req > 1', { reason: 'FieldValueRequired', message: 'req!' }),
      R('!has(self.s1) || !has(self.s2) || self.s1 == self.s2', { message: 'sets differ' }),
      R('!has(self.s1) || !has(self.add) || (self.s1 + self.add).size() == 3', { message: 'joined' }),
      R('!has(self.x__dash__y) || self.x__dash__y == 1', { message: 'x-y' }),
      R("!has(self.__namespace__) || self.__namespace__ == 'a'", { message: 'ns' }),
      R("!has(self.namespace) || self.namespace == 'a'", { message: 'unescaped ns' }),
      R("self.?namespace.orValue('a') != 'c' && self.?__namespace__.orValue('a') != 'd'", {
        message: 'optional ns',
      }),
      R("!has(self.if) || (self.if.for == 'a' && self.__if__.__for__ == 'a')", { message: 'words' }),
      R('!has(self.label) || format.dns1123Label().validate(self.label) == null', { message: 'label' }),
      R('self.?min == null || true', { message: 'nothing' }),
      R("!has(self.when) || self.when < timestamp('2025-01-01T00:00:00Z')", { message: 'when' }),
      R("!has(self.dur) || self.dur < duration('1h')", { message: 'dur' }),
      R('!has(self.num) || self.num > 1.5', { message: 'num' }),
      R("!has(self.b) || self.b == b'abc'", { message: 'bytes' }),
      R("!has(self.port) || (type(self.port) == int ? self.port < 100 : self.port == 'http')", {
        message: 'port',
      }),
      R('!has(self.port) || self.port + 1 > 0', { message: 'overload' }),
      R('!has(self.open) || !has(self.open.known) || self.open.known == 1', { message: 'open' }),
      R("!has(self.nul) || self.nul == 'a'", { message: 'nul' }),
    ],
    properties: {
      min: I,
      max: I,
      name: T,
      fixed: T,
      grow: I,
      broken: { type: 'array', items: I },
      dup: I,
      req: I,
      s1: { type: 'array', items: T, 'x-kubernetes-list-type': 'set' },
      s2: { type: 'array', items: T, 'x-kubernetes-list-type': 'set' },
      add: { type: 'array', items: T },
      'x-y': I,
      namespace: T,
      if: { type: 'object', properties: { for: T } },
      label: { type: 'string', maxLength: 20 },
      when: { type: 'string', format: 'date-time' },
      dur: { type: 'string', format: 'duration' },
      num: { type: 'number' },
      b: { type: 'string', format: 'byte' },
      port: { 'x-kubernetes-int-or-string': true },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: I } },
      nul: { type: 'string', nullable: true },
      items: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['key'],
        maxItems: 20,
        items: {
          type: 'object',
          required: ['key'],
          properties: {
            key: { ...T, maxLength: 50 },
            value: {
              ...I,
              'x-kubernetes-validations': [
                R('self < 100', { message: 'value too large' }),
                R('self >= oldSelf', { message: 'value shrinks' }),
              ],
            },
          },
          'x-kubernetes-validations': [R("self.key != 'bad'", { message: 'bad key' })],
        },
      },
      atomic: {
        type: 'array',
        'x-kubernetes-list-type': 'atomic',
        maxItems: 20,
        items: { ...I, 'x-kubernetes-validations': [R('self < 50', { message: 'small' })] },
      },
      labels: {
        type: 'object',
        maxProperties: 20,
        additionalProperties: {
          type: 'string',
          maxLength: 20,
          'x-kubernetes-validations': [
            R("self != 'x' ", { message: 'no x' }),
            R('self == oldSelf', { message: 'label fixed' }),
          ],
        },
      },
    },
  },
  {
    'x-kubernetes-validations': [
      R("self.metadata.name != 'forbidden'", { message: 'name forbidden' }),
      R("self.kind == 'Ruled' && self.apiVersion.endsWith('/v1')", { message: 'kind' }),
    ],
  },
);

export interface Case {
  readonly name: string;
  readonly definition: KubernetesObject;
  readonly object: Json;
  /** What it updates. */
  readonly old?: Json;
}

function shape(name: string, spec: Json): Case {
  return { name: `shape: ${name}`, definition: shapes, object: { spec } };
}

function about(definition: KubernetesObject, name: string, object: Json): Case {
  return { name: `${definition.metadata.name}: ${name}`, definition, object };
}

function rule(name: string, spec: Json, old?: Json): Case {
  return {
    name: `rule: ${name}`,
    definition: ruled,
    object: { spec },
    ...(old === undefined ? {} : { old: { spec: old } }),
  };
}

/** Custom resources, each of which an API server takes or refuses for one reason. */
/** A field below a map of any values that its schema does not have. */
export const droppedField: Case = shape('freemap', { size: 1, freemap: { a: { b: 1 } } });

export const customResources: readonly Case[] = [
  shape('ok', { size: 1 }),
  shape('min', { size: 0 }),
  shape('max', { size: 11 }),
  shape('missing', {}),
  shape('unknown', { size: 1, sise: 2 }),
  shape('wrongtype', { size: '1' }),
  shape('float', { size: 1.5 }),
  shape('float int', { size: 3.0 }),
  shape('long', { size: 1, name: 'abcdef' }),
  shape('pattern', { size: 1, name: 'A' }),
  shape('enum', { size: 1, colour: 'green' }),
  shape('multiple', { size: 1, ratio: 0.7 }),
  shape('multiple ok', { size: 1, ratio: 1.5 }),
  shape('ratio int', { size: 1, ratio: 2 }),
  shape('port int', { size: 1, port: 1 }),
  shape('port str', { size: 1, port: 'a' }),
  shape('port bool', { size: 1, port: true }),
  shape('nul', { size: 1, nul: null }),
  shape('notnul', { size: 1, notnul: null }),
  shape('defnul', { size: 1, defnul: null }),
  shape('size null', { size: null }),
  shape('set dup', { size: 1, set: ['a', 'a'] }),
  shape('set ok', { size: 1, set: ['a', 'b'] }),
  shape('list dup', { size: 1, list: [{ key: 'a' }, { key: 'a' }] }),
  shape('list dup by default', { size: 1, list: [{ key: 'a' }, { key: 'a', proto: 'tcp' }] }),
  shape('list ok', { size: 1, list: [{ key: 'a' }, { key: 'a', proto: 'udp' }] }),
  shape('list long', { size: 1, list: [{ key: 'a' }, { key: 'b' }, { key: 'c' }, { key: 'd' }] }),
  shape('list miss', { size: 1, list: [{ value: 1 }] }),
  shape('list unknown', { size: 1, list: [{ key: 'a', valeu: 1 }] }),
  shape('open', { size: 1, open: { x: 1 } }),
  shape('open typed', { size: 1, open: { known: 'a' } }),
  shape('any', { size: 1, any: [1] }),
  shape('any null', { size: 1, any: null }),
  shape('map', { size: 1, map: { a: 1 } }),
  shape('map neg', { size: 1, map: { a: -1 } }),
  shape('map type', { size: 1, map: { a: '1' } }),
  shape('map null', { size: 1, map: { a: null } }),
  shape('when', { size: 1, when: '2024-01-01T00:00:00Z' }),
  shape('when bad', { size: 1, when: 'yesterday' }),
  shape('when 24', { size: 1, when: '2024-01-01t24:00:00z' }),
  shape('ip', { size: 1, ip: '1.2.3' }),
  shape('ip6', { size: 1, ip: '::1' }),
  shape('uri', { size: 1, uri: 'abc' }),
  shape('uri ok', { size: 1, uri: 'https://a/b' }),
  shape('id', { size: 1, id: 'x' }),
  shape('bytes', { size: 1, bytes: '*' }),
  shape('bytes empty', { size: 1, bytes: '' }),
  shape('dur', { size: 1, dur: '1x' }),
  shape('dur ok', { size: 1, dur: '1h30m' }),
  shape('dur scala', { size: 1, dur: '22 ns' }),
  shape('odd', { size: 1, odd: 'x' }),
  shape('i32', { size: 1, i32: 3000000000 }),
  shape('mail', { size: 1, mail: 'x' }),
  shape('host', { size: 1, host: 'a_b' }),
  shape('host ok', { size: 1, host: 'a.b' }),
  shape('cidr', { size: 1, cidr: '1.2.3.4' }),
  shape('cidr ok', { size: 1, cidr: '1.2.3.4/8' }),
  shape('mac', { size: 1, mac: '1:2' }),
  shape('mac ok', { size: 1, mac: '00:11:22:33:44:55' }),
  shape('day', { size: 1, day: '2024-13-01' }),
  shape('short', { size: 1, short: 'A_b' }),
  shape('short ok', { size: 1, short: 'a-b' }),
  shape('one a', { size: 1, one: { a: 1 } }),
  shape('one both', { size: 1, one: { a: 1, b: 1 } }),
  shape('one none', { size: 1, one: {} }),
  shape('not', { size: 1, not: 3 }),
  shape('not ok', { size: 1, not: 4 }),
  shape('all', { size: 1, all: 5 }),
  shape('all ok', { size: 1, all: 3 }),
  shape('anyo', { size: 1, anyo: 'b' }),
  shape('anyo ok', { size: 1, anyo: 'bz' }),
  shape('nested', { size: 1, nested: {} }),
  shape('nested null', { size: 1, nested: { deep: null } }),
  shape('emb', { size: 1, emb: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { x: 1 } } }),
  shape('emb bad', { size: 1, emb: { x: 1 } }),
  shape('excl', { size: 1, excl: 5 }),
  shape('excl ok', { size: 1, excl: 6 }),
  shape('mp0', { size: 1, mp: {} }),
  shape('union empty', { size: 1, union: {} }),
  shape('union null', { size: 1, union: { type: null } }),
  shape('union other', { size: 1, union: { type: 'B' } }),
  shape('either none', { size: 1, either: {} }),
  shape('either null', { size: 1, either: { a: null } }),
  shape('either one', { size: 1, either: { b: 1 } }),
  shape('without null', { size: 1, without: { a: null } }),
  shape('without', { size: 1, without: { a: 1 } }),
  shape('filled by default', { size: 1, filled: {} }),
  shape('filled by null', { size: 1, filled: { a: null } }),
  shape('mp null', { size: 1, mp: { a: null } }),
  shape('counted null', { size: 1, counted: { a: 1, b: null } }),
  shape('alone', { size: 1, alone: { a: 1 } }),
  shape('items empty', { size: 1, items: [{}] }),
  shape('mp3', { size: 1, mp: { a: 1, b: 1, c: 1 } }),
  shape('mult int 3', { size: 1, ratio: 3 }),
  shape('host tld', { size: 1, host: 'a.example.com' }),
  shape('mail ok', { size: 1, mail: 'a@b' }),
  shape('freemap scalar', { size: 1, freemap: { a: 1, b: 'x', c: [1] } }),
  shape('emb typed', { size: 1, emb: { apiVersion: 'v1', kind: 'Pod', metadata: { x: 1 } } }),
  shape('nospec is text', 'x'),
  { name: 'no spec', definition: shapes, object: {} },
  { name: 'an unknown status', definition: shapes, object: { spec: { size: 1 }, status: { a: 1 } } },
  about(statused, 'a status with a wrong type', { status: { phase: 1 } }),
  about(statused, 'a status without what it requires', { status: {} }),
  about(statused, 'a status with an unknown field', { status: { phase: 'a', nonsense: 1 } }),
  about(statused, 'a status that is text', { status: 'a' }),
  about(statused, 'a wrong type beside a status', { spec: { a: 'x' }, status: { phase: 1 } }),
  about(opened, 'fields of every name', { spec: { a: 1 }, more: [1] }),
  about(opened, 'an unknown field of metadata', { metadata: { name: 'one', label: {} } }),
  about(opened, 'a label that is a number', { metadata: { name: 'one', labels: { a: 1 } } }),
  rule('ok', {}),
  rule('minmax', { min: 2, max: 1 }),
  rule('name', { name: 'b' }),
  rule('fixed same', { fixed: 'a' }, { fixed: 'a' }),
  rule('fixed changes', { fixed: 'b' }, { fixed: 'a' }),
  rule('fixed gone', {}, { fixed: 'a' }),
  rule('grow create', { grow: 1 }),
  rule('grow less', { grow: 1 }, { grow: 2 }),
  rule('grow more', { grow: 3 }, { grow: 2 }),
  rule('broken', { broken: [1] }),
  rule('dup', { dup: 1 }),
  rule('req', { req: 1 }),
  rule('sets eq', { s1: ['a', 'b'], s2: ['b', 'a'] }),
  rule('sets ne', { s1: ['a', 'b'], s2: ['b', 'c'] }),
  rule('join', { s1: ['a', 'b'], add: ['b', 'c'] }),
  rule('join 4', { s1: ['a', 'b'], add: ['d', 'c'] }),
  rule('x-y', { 'x-y': 2 }),
  rule('ns', { namespace: 'b' }),
  rule('ns right', { namespace: 'a' }),
  rule('ns optional', { namespace: 'c' }),
  rule('ns optional escaped', { namespace: 'd' }),
  rule('words', { if: { for: 'b' } }),
  rule('words right', { if: { for: 'a' } }),
  rule('label', { label: 'a_b' }),
  rule('when', { when: '2026-01-01T00:00:00Z' }),
  rule('when ok', { when: '2024-01-01T00:00:00Z' }),
  rule('dur', { dur: '2h' }),
  rule('num', { num: 1 }),
  rule('num ok', { num: 2 }),
  rule('bytes', { b: 'YWJj' }),
  rule('bytes bad', { b: 'YWI=' }),
  rule('port int', { port: 5 }),
  rule('port big', { port: 500 }),
  rule('port str', { port: 'http' }),
  rule('port other', { port: 'x' }),
  rule('open', { open: { known: 2, x: 1 } }),
  rule('nul', { nul: null }),
  rule('item bad', { items: [{ key: 'bad' }] }),
  rule('item large', { items: [{ key: 'a', value: 100 }] }),
  rule(
    'item shrinks',
    {
      items: [
        { key: 'b', value: 5 },
        { key: 'a', value: 1 },
      ],
    },
    { items: [{ key: 'a', value: 2 }] },
  ),
  rule('item grows', { items: [{ key: 'a', value: 3 }] }, { items: [{ key: 'a', value: 2 }] }),
  rule('atomic', { atomic: [1] }, { atomic: [2] }),
  rule('atomic large', { atomic: [60] }),
  rule('labels', { labels: { a: 'x' } }),
  rule('labels fixed', { labels: { a: 'b', c: 'd' } }, { labels: { a: 'a' } }),
  { name: 'a rule at the root', definition: ruled, object: { metadata: { name: 'forbidden' }, spec: {} } },
];

/** Definitions that an API server refuses, by what is wrong with them. */
export const brokenDefinitions: Readonly<Record<string, KubernetesObject>> = {
  'a rule that is not an expression': definition('broken', {
    type: 'object',
    'x-kubernetes-validations': [R('self.(')],
  }),
  'a rule of an unknown field': definition('broken', {
    type: 'object',
    properties: { a: I },
    'x-kubernetes-validations': [R('self.b == 1')],
  }),
  'a rule that is not a condition': definition('broken', {
    type: 'object',
    properties: { a: I },
    'x-kubernetes-validations': [R('self.a')],
  }),
  'a rule of types that do not go together': definition('broken', {
    type: 'object',
    properties: { a: I },
    'x-kubernetes-validations': [R("self.a == 'x'")],
  }),
  'a message that is not text': definition('broken', {
    type: 'object',
    properties: { a: I },
    'x-kubernetes-validations': [R('self.a == 1', { messageExpression: 'self.a' })],
  }),
  'a field path that leads nowhere': definition('broken', {
    type: 'object',
    properties: { a: I },
    'x-kubernetes-validations': [R('self.a == 1', { fieldPath: '.b' })],
  }),
  'an old value in a list that is not a map': definition('broken', {
    type: 'object',
    properties: {
      l: { type: 'array', maxItems: 5, items: { ...I, 'x-kubernetes-validations': [R('self == oldSelf')] } },
    },
  }),
  'an optional old value that is not used': definition('broken', {
    type: 'object',
    properties: { a: I },
    'x-kubernetes-validations': [R('self.a == 1', { optionalOldSelf: true })],
  }),
  'a schema without a type': definition('broken', { properties: { a: I } }),
  'a list without items': definition('broken', { type: 'object', properties: { a: { type: 'array' } } }),
  'properties beside additionalProperties': definition('broken', {
    type: 'object',
    properties: { a: I },
    additionalProperties: I,
  }),
  'a map list without keys': definition('broken', {
    type: 'object',
    properties: {
      a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object', properties: { k: T } } },
    },
  }),
  'a map list with a key that its items lack': definition('broken', {
    type: 'object',
    properties: {
      a: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['x'],
        items: { type: 'object', properties: { k: T } },
      },
    },
  }),
  'a default that its enum does not have': definition('broken', {
    type: 'object',
    properties: { a: { type: 'string', enum: ['x'], default: 'y' } },
  }),
  'a default of another type': definition('broken', {
    type: 'object',
    properties: { a: { type: 'integer', default: 'y' } },
  }),
  'a default beyond a limit, within a list': definition('broken', {
    type: 'object',
    properties: {
      l: {
        type: 'array',
        items: { type: 'object', properties: { a: { type: 'integer', maximum: 1, default: 2 } } },
      },
    },
  }),
  'a default with an unknown field': definition('broken', {
    type: 'object',
    properties: { a: { type: 'object', default: { b: 1 }, properties: { c: I } } },
  }),
  'a default without a field that is required': definition('broken', {
    type: 'object',
    properties: { a: { type: 'object', default: {}, required: ['c'], properties: { c: I } } },
  }),
  'a default that breaks a rule of its own': definition('broken', {
    type: 'object',
    properties: { a: { type: 'integer', default: 1, 'x-kubernetes-validations': [R('self > 1')] } },
  }),
  'an invalid pattern': definition('broken', {
    type: 'object',
    properties: { a: { type: 'string', pattern: '(' } },
  }),
};
