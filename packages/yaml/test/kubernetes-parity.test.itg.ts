import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type JsonValue, parseJson, valueAt } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { KUBERNETES_SCALARS, REJECTED_SCALARS, withFloats } from '@slipway/testkit/yaml';
import fc from 'fast-check';
import { parseDocument, stringifyYaml } from '../src/index.ts';

const cluster = useCluster();

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

/** What kubectl makes of a manifest; undefined if it refuses it. */
function asKubectlReads(manifest: string): JsonValue | undefined {
  const { kubectl = '', kubeconfig = '' } = cluster;
  const args = ['create', '--dry-run=client', '--validate=false', '-o', 'json', '-f', '-'];
  const { status, stdout } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
    input: manifest,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return status === 0 ? withFloats(parseJson(stdout)) : undefined;
}

/** The value of `x` as kubectl and we read it. */
function bothRead(text: string): { theirs: JsonValue | undefined; ours: JsonValue | undefined } {
  const theirs = asKubectlReads(head + text);
  return {
    theirs: theirs === undefined ? undefined : valueAt(theirs, ['x']),
    ours: valueAt(parseDocument(head + text, 'a.yaml').value, ['x']),
  };
}

describe('kubectl reads as we do', () => {
  it('every scalar of the table', () => {
    const scalars = Object.keys(KUBERNETES_SCALARS);
    const { theirs, ours } = bothRead(`x:\n${scalars.map(text => `  - ${text}\n`).join('')}`);
    expect(theirs).toEqual(Object.values(KUBERNETES_SCALARS));
    expect(ours).toEqual(theirs);
  });

  it.each(REJECTED_SCALARS)('%s, which it refuses', text => {
    expect(asKubectlReads(`${head}x: ${text}\n`)).toBeUndefined();
  });

  it.each([
    [
      'keys',
      'x: {on: 1, "on": 2, 0777: 3, 1e6: 4, .5: 5, 1.10: 6, 9007199254740993: 7, 0x1F: 8, 2024-01-02: 9}\n',
    ],
    ['a merge over what is before it and under what is after it', 'x:\n  a: 1\n  <<: {a: 2, b: 2}\n  b: 3\n'],
    ['a merge of several maps', 'x:\n  <<: [{a: 1}, {a: 2, b: 2}]\n'],
    ['anchors', 'x: {a: &a [1, yes], b: *a}\n'],
    ['duplicate keys, of which the last counts', 'x: {a: 1, a: 2}\n'],
    [
      'blocks',
      'x:\n  - |\n    a\n\n     b\n  - >\n    c\n    d\n\n    e\n  - |+\n    f\n\n  - |2-\n      g\n  - "h\\\n    i"\n',
    ],
    ['brackets below their keys', 'x:\n  a: {\n    b: [\n  1\n    ]\n  }\n  c: "d\ne"\n  f: {g: h\n i}\n'],
    ['plain text over several lines', 'x: a b\n  c\n\n  d # e\n'],
    ['tags of maps and lists', 'x: {a: !!map {b: 1}, c: !foo [2], d: !!set {e}}\n'],
  ])('%s', (_name, text) => {
    const { theirs, ours } = bothRead(text);
    expect(theirs).toBeDefined();
    expect(ours).toEqual(theirs);
  });

  it.each([
    ['null as a key', 'x: {null: 1}\n'],
    ['a list as a key', 'x: {[a]: 1}\n'],
    ['an alias without an anchor', 'x: *a\n'],
    ['an alias inside of its anchor', 'x: &a [*a]\n'],
    ['half of a surrogate pair', 'x: "\\ud800"\n'],
    ['a tab as indentation', 'x:\n\ta: 1\n'],
  ])('%s, which both refuse', (_name, text) => {
    expect(asKubectlReads(head + text)).toBeUndefined();
    expect(() => parseDocument(head + text, 'a.yaml')).toThrow();
  });
});

describe('kubectl reads what we write', () => {
  const text = fc.oneof(
    fc.constantFrom(...Object.keys(KUBERNETES_SCALARS), ...REJECTED_SCALARS),
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\t',
        ':',
        '#',
        '-',
        '"',
        "'",
        '0',
        '_',
        '.',
        'e',
        '|',
        '>',
        '%',
        '\u0085',
        '\u2028',
        '\u{FEFF}',
      ),
    }),
  );
  const number = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map(x => x + 0),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  );
  const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec<{ tree: JsonValue }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  }));

  it('exactly, whatever the values', () => {
    for (const seed of [1, 2, 3]) {
      const values = fc.sample(tree, { seed, numRuns: 400 });
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, x: values };
      const theirs = asKubectlReads(stringifyYaml(manifest));
      expect(theirs).toBeDefined();
      expect(valueAt(theirs ?? null, ['x'])).toEqual(values);
    }
  });
});
