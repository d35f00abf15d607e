import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue, parseJson, valueAt } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { KUBERNETES_SCALARS, withFloats } from '@slipway/testkit/yaml';
import { stringifyYaml } from '@slipway/yaml';
import fc from 'fast-check';
import { type RenderedDestination, render, writeRenderedTree } from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { hostileText } from './support/hostile-text.ts';
import { randomSpec, specValues } from './support/random-stencil.ts';
import { config, type Files, shop, staging } from './support/shop.ts';

const cluster = useCluster();

/** A kind whose `spec` accepts anything, so that the API server returns everything that it read. */
const things = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.test.slipway.dev}
spec:
  group: test.slipway.dev
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {x-kubernetes-preserve-unknown-fields: true}}}}
`;

beforeAll(async () => {
  kubectl(['apply', '-f', '-'], things);
  kubectl(['wait', '--for=condition=Established', 'crd/things.test.slipway.dev', '--timeout=30s']);
  kubectl(['create', 'namespace', 'shop-staging']);
}, 600_000);
function kubectl(args: readonly string[], input = ''): string {
  const { kubectl: command = '', kubeconfig = '' } = cluster;
  const result = spawnSync(command, ['--kubeconfig', kubeconfig, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout;
}

const commands = {
  'kubectl by itself': ['create', '--dry-run=client', '--validate=false'],
  'the API server, to which kubectl sends JSON': ['create', '--dry-run=server', '--validate=strict'],
  'the API server, which reads what is applied as YAML': ['apply', '--server-side', '--dry-run=server'],
} as const;

/** The `spec` of each object of a rendered tree, by name, as Kubernetes reads its manifests. */
async function readBack(
  destination: RenderedDestination,
  command: readonly string[],
): Promise<Map<string, JsonValue>> {
  const [written] = await writeRenderedTree(join(folderWith({}), 'tree'), [destination]);
  const manifests = join(written?.directory ?? '', 'manifests');
  const answer = kubectl([...command, '-o', 'json', '-f', manifests]);
  // One object after the other, or a list of them.
  const objects = answer.split(/(?<=^\}\n)(?=\{)/m).flatMap(text => {
    const object = withFloats(parseJson(text));
    const items = valueAt(object, ['items']);
    return Array.isArray(items) ? (items as readonly JsonValue[]) : [object];
  });
  return new Map(
    objects.map(object => [
      String(valueAt(object, ['metadata', 'name'])),
      (isJsonObject(object) ? object['spec'] : undefined) ?? null,
    ]),
  );
}

function thing(name: string, spec: string): string {
  return `apiVersion: test.slipway.dev/v1\nkind: Thing\nmetadata:\n  name: ${name}\nspec:\n${spec.replace(/^(?=.)/gm, '  ')}`;
}

const scalars = Object.entries(KUBERNETES_SCALARS).map(([text, value], index) => ({
  key: `k${index}`,
  text,
  value,
}));
const asMap = (entries: readonly { key: string; value: JsonValue }[]): JsonValue =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));

/** The `spec` of a stencil, and what Kubernetes must read. */
const cases: Record<string, readonly [spec: string, expected: JsonValue]> = {
  // Regular, so the stencil's text is kept wherever the style allows it.
  'plain-scalars': [
    scalars
      .filter(({ text }) => !/^[!*&]/.test(text))
      .map(({ key, text }) => `${key}: ${text}\n`)
      .join(''),
    asMap(scalars.filter(({ text }) => !/^[!*&]/.test(text))),
  ],
  'tagged-scalars': [
    scalars
      .filter(({ text }) => text.startsWith('!'))
      .map(({ key, text }) => `${key}: ${text}\n`)
      .join(''),
    asMap(scalars.filter(({ text }) => text.startsWith('!'))),
  ],
  keys: [
    'on: 1\n"no": 2\n0777: 3\n1e6: 4\n.5: 5\n9007199254740993: 6\n0x1F: 7\n2024-01-02: 8\n22:22: 9\n',
    {
      true: 1,
      no: 2,
      '511': 3,
      '1e+06': 4,
      '0.5': 5,
      '9007199254740993': 6,
      '31': 7,
      '2024-01-02': 8,
      '22:22': 9,
    },
  ],
  merges: [
    'base: &base {a: 1, b: 2}\nv:\n  a: 0\n  <<: *base\n  b: 3\n',
    { base: { a: 1, b: 2 }, v: { a: 1, b: 3 } },
  ],
  anchors: ['a: &a [1, yes]\nb: *a\n', { a: [1, true], b: [1, true] }],
  flow: [
    'a: {b: [1, "x: y", {c: d}], e: {}}\nf: [ ]\ng: [a, b c, "d"]\n',
    { a: { b: [1, 'x: y', { c: 'd' }], e: {} }, f: [], g: ['a', 'b c', 'd'] },
  ],
  'flow-over-lines': [
    'a: { # open\n  b: 1, # one\n  # two\n  c: [2,\n    3] # three\n  }\nd: [\n  4\n]\n',
    { a: { b: 1, c: [2, 3] }, d: [4] },
  ],
  quotes: [
    `a: 'it''s # no comment'\nb: "tab\\t quote\\" \\u00e9 \\x41 \\/"\nc: "two\n  lines"\nd: ''\n`,
    { a: "it's # no comment", b: 'tab\t quote" é A /', c: 'two lines', d: '' },
  ],
  literal: [
    'a: | # script\n  #!/bin/sh\n  echo "x: y"\n\n    deeper\nb: |-\n  no end\nc: |+\n  kept\n\nd: |2\n    indented\n  x\ne: x\n',
    { a: '#!/bin/sh\necho "x: y"\n\n  deeper\n', b: 'no end', c: 'kept\n\n', d: '  indented\nx\n', e: 'x' },
  ],
  folded: [
    'a: >\n  one\n  two\n\n  three\nb: >-\n  one\n  two\nc: >+\n  kept\n\nd: >\n  one\n    deeper\n  two\ne: x\n',
    { a: 'one two\nthree\n', b: 'one two', c: 'kept\n\n', d: 'one\n  deeper\ntwo\n', e: 'x' },
  ],
  'plain-over-lines': ['a: one\n  two\n\n  three\nb: c # d\n', { a: 'one two\nthree', b: 'c' }],
  lists: [
    'a:\n- 1\n- - 2\n  - b: 3\n    c: 4\n-\n  d: 5\nb:\n  - |\n    x\n  - z\n',
    { a: [1, [2, { b: 3, c: 4 }], { d: 5 }], b: ['x\n', 'z'] },
  ],
  empty: ['a:\nb: ""\nc: {}\nd: []\ne: ~\n', { a: null, b: '', c: {}, d: [], e: null }],
  numbers: [
    'big: 9007199254740993\nmax: 9223372036854775807\nmin: -9223372036854775808\noctal: 0777\nfloat: 1e3\nsmall: 1e-7\n',
    {
      big: 9007199254740993n,
      max: 9223372036854775807n,
      min: -9223372036854775808n,
      octal: 511,
      float: 1000,
      small: 1e-7,
    },
  ],
  'filled-by-type': [
    'a: ${config.number}\nb: ${config.flag}\nc: ${config.list} # a list\nd: ${config.map}\ne: ${config.big}\nf: ${config.nothing}\ng:\n  - ${config.map}\n  - ${config.word}\n',
    {
      a: 5432,
      b: true,
      c: [1, 'two', { three: 3 }],
      d: { a: 1, b: { c: 'yes' } },
      e: 9007199254740993n,
      f: null,
      g: [{ a: 1, b: { c: 'yes' } }, 'yes'],
    },
  ],
  'filled-as-text': [
    'a: "${config.number}"\nb: \'${config.flag}\'\nc: x ${config.word}\nd: |\n  ${config.word}\n  ${config.number}\ne: >-\n  ${config.number}\nf: {g: "${config.word}", h: ["${config.flag}"]}\ni: !!str ${config.number}\n',
    {
      a: '5432',
      b: 'true',
      c: 'x yes',
      d: 'yes\n5432\n',
      e: '5432',
      f: { g: 'yes', h: ['true'] },
      i: '5432',
    },
  ],
};

const values = config(
  '"*.*":\n  number: 5432\n  flag: true\n  word: "yes"\n  list: [1, two, {three: 3}]\n  map: {a: 1, b: {c: "yes"}}\n  big: 9007199254740993\n  nothing: null\n',
);
const secondSpec = { a: 1, on: 'x' };

function stencilsOf(): Files {
  const all = Object.entries(cases);
  const changed = (name: string, change: (text: string) => string): [string, string] => [
    `stencils/${name}.yaml`,
    change(all.map(([of, [spec]]) => thing(`${name}-${of}`, spec)).join('---\n')),
  ];
  const json = (name: string) => ({
    apiVersion: 'test.slipway.dev/v1',
    kind: 'Thing',
    metadata: { name },
    spec: secondSpec,
  });
  return Object.fromEntries([
    ...all.map(([name, [spec]]) => [`stencils/${name}.yaml`, thing(name, spec)]),
    changed('documents', text => text),
    changed('crlf', text => text.replaceAll('\n', '\r\n')),
    changed('bom', text => `\u{FEFF}${text}`),
    ['stencils/json.json', JSON.stringify(json('json'))],
    [
      'stencils/list.yaml',
      stringifyYaml({ apiVersion: 'v1', kind: 'List', items: [json('list-1'), json('list-2')] }),
    ],
    ['stencils/config.yaml', thing('config', 'a: 1\n')],
    ['config/a.yaml', values],
  ]);
}

describe('rendered manifests are read by kubectl as Slipway reads them', () => {
  it.each(Object.entries(commands))('by %s', async (_name, command) => {
    const destination = render(await shop(stencilsOf()), staging);
    const theirs = await readBack(destination, command);
    for (const [name, [, expected]] of Object.entries(cases))
      for (const prefix of ['', 'documents-', 'crlf-', 'bom-'])
        expect([prefix + name, theirs.get(prefix + name)]).toEqual([prefix + name, expected]);
    for (const name of ['json', 'list-1', 'list-2']) expect(theirs.get(name)).toEqual(secondSpec);
    expect(theirs.size).toBe(destination.objects.length);
    for (const { object, reference } of destination.objects)
      expect(theirs.get(reference.name)).toEqual(object['spec']);
  });
});

/** Each way in which a value can be in a stencil. */
const everyStyle = [
  'plain: ${config.v} # beside',
  'inside: a ${config.v} b',
  "single: '${config.v}'",
  'double: "${config.v}"',
  'literal: | # of a block',
  '  before',
  '  ${config.v}',
  'folded: >-',
  '  ${config.v}',
  'flow: {a: "${config.v}", b: [x, "${config.v}"]}',
  'items:',
  '  - ${config.v}',
  '  - a: ${config.v}',
  '    b: x',
  '  - - "${config.v}"',
  'last: x',
  '',
].join('\n');

function expectedFor(value: string): JsonValue {
  return {
    plain: value,
    inside: `a ${value} b`,
    single: value,
    double: value,
    literal: `before\n${value}\n`,
    folded: value,
    flow: { a: value, b: ['x', value] },
    items: [value, { a: value, b: 'x' }, [value]],
    last: 'x',
  };
}

describe('no value whatever changes what Kubernetes reads', () => {
  // Without server-side apply, because then kubectl sends U+0085 unescaped, which the API server reads as the end of a line.
  it.each(Object.entries(commands).slice(0, 2))('asked of %s', async (_name, command) => {
    const texts = fc.sample(hostileText, { seed: 4, numRuns: 150 });
    // Some stencils are regular and spliced; a tag makes the others be rewritten.
    const stencil = (index: number): string =>
      thing(`v${index}`, everyStyle.replaceAll('config.v', `config.v${index}`)) +
      (index % 2 === 0 ? '' : '  tagged: !!str x\n');
    const files = {
      'stencils/config.yaml': texts.map((_, index) => stencil(index)).join('---\n'),
      'config/a.yaml': stringifyYaml({
        apiVersion: 'slipway.dev/v1',
        kind: 'Config',
        spec: { values: { '*.*': Object.fromEntries(texts.map((text, index) => [`v${index}`, text])) } },
      }),
    };
    const theirs = await readBack(render(await shop(files), staging), command);
    expect(theirs.size).toBe(texts.length);
    for (const [index, text] of texts.entries()) {
      const tagged = index % 2 === 0 ? {} : { tagged: 'x' };
      expect([JSON.stringify(text), theirs.get(`v${index}`)]).toEqual([
        JSON.stringify(text),
        { ...(expectedFor(text) as object), ...tagged },
      ]);
    }
  });
});

describe('a stencil in any style', () => {
  it.each(Object.entries(commands))('%s reads what we read', async (_name, command) => {
    const config = stringifyYaml({
      apiVersion: 'slipway.dev/v1',
      kind: 'Config',
      spec: { values: { '*.*': specValues } },
    });
    const head = 'apiVersion: test.slipway.dev/v1\nkind: Thing\nmetadata:\n  name: ';
    const stencils: string[] = [];
    for (const spec of fc.sample(randomSpec, { seed: 7, numRuns: 300 })) {
      const stencil = `${head}s${stencils.length}\nspec:\n${spec}`;
      const files = { 'stencils/config.yaml': stencil, 'config/a.yaml': config };
      // Some stencils put a list into a text, which is refused.
      const isRendered = await shop(files)
        .then(repository => render(repository, staging) !== undefined)
        .catch(() => false);
      if (isRendered) stencils.push(stencil);
    }
    expect(stencils.length).toBeGreaterThan(200);
    const files = Object.fromEntries(stencils.map((stencil, index) => [`stencils/s${index}.yaml`, stencil]));
    const all = { ...files, 'stencils/config.yaml': `${head}config\n`, 'config/a.yaml': config };
    const destination = render(await shop(all), staging);
    const theirs = await readBack(destination, command);
    expect(theirs.size).toBe(stencils.length + 1);
    for (const { object, reference } of destination.objects)
      expect([reference.name, theirs.get(reference.name)]).toEqual([reference.name, object['spec'] ?? null]);
  });
});
