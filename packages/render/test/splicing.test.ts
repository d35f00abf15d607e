import { describe, expect, it } from '@jest/globals';
import { renderedDigest, SlipwayError } from '@slipway/core';
import { parseDocument, stringifyYaml } from '@slipway/yaml';
import fc from 'fast-check';
import type { RenderedDestination } from '../src/index.ts';
import { randomSpec, specValues } from './support/random-stencil.ts';
import { rendered } from './support/shop.ts';

const config = stringifyYaml({
  apiVersion: 'slipway.dev/v1',
  kind: 'Config',
  spec: { values: { '*.*': specValues } },
});

const head = 'apiVersion: test.slipway.dev/v1\nkind: Thing\nmetadata:\n  name: thing\nspec:\n';

/** Undefined where the stencil is refused, as one with a list in a text is. */
async function renderedSpec(spec: string): Promise<RenderedDestination | undefined> {
  try {
    return await rendered({ 'stencils/config.yaml': head + spec, 'config/a.yaml': config });
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

describe('a stencil in any style', () => {
  it('its manifest is exactly what was rendered, which the digest covers', async () => {
    const counts = { regular: 0, other: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(randomSpec, async spec => {
        const result = await renderedSpec(spec);
        if (result === undefined) {
          counts.refused++;
          return;
        }
        const { digest, ...covered } = result.rendered;
        // Objects are read from the text of the manifest; the digest is of what was made before it was written.
        const objects = result.objects.map(({ object }) => object);
        expect(renderedDigest(covered, objects)).toBe(digest);
        counts[parseDocument(head + spec, 'x.yaml').isRegular ? 'regular' : 'other']++;
      }),
      { numRuns: 600 },
    );
    // Both ways of writing were used often, and most generated stencils are valid.
    expect(counts.regular).toBeGreaterThan(90);
    expect(counts.other).toBeGreaterThan(90);
    expect(counts.refused).toBeLessThan(200);
  });

  it('it keeps its comments', async () => {
    await fc.assert(
      fc.asyncProperty(randomSpec, async spec => {
        const text = (await renderedSpec(spec))?.manifests.get('manifests/config.yaml');
        if (text === undefined) return;
        const count = (yaml: string): number => yaml.split(/# (?:above|beside)/).length;
        expect(count(text)).toBe(count(spec));
      }),
      { numRuns: 500 },
    );
  });
});

describe('an addition to an object is made in every form of the object', () => {
  const formation = `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec:
  name-prefix: "x-"
  labels: {team: "yes", "a/b": c}
  destinations: {main: {namespace: shop-staging}}
`;

  it.each([
    '{name: thing}',
    '{name: thing, labels: {app: x}} # beside',
    '{labels: {app: x}, name: "thing" }',
    '{ name: thing, labels: {} }',
    '\n  name: thing',
    '\n  name: thing # beside\n  # above\n  labels: {app: x}',
    '\n  labels:\n    app: x # beside\n\n    # above\n    z: "y"\n  name: thing',
    '\n    name: thing\n    labels: {app: x, team: no}',
    '\n  name: >-\n    thing\n  annotations:\n    a: |\n      text',
    '\n  annotations:\n    a: |-\n      text\n  name: thing\n  labels: ',
  ])('metadata: %j', async metadata => {
    const stencil = `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\ndata:\n  a: b\n`.replace(
      / $/gm,
      '',
    );
    const files = { 'stencils/config.yaml': stencil, 'formations/staging.yaml': formation };
    const result = await rendered(files);
    const [object] = result.objects.map(found => found.object);
    expect(object?.metadata).toMatchObject({
      name: 'x-thing',
      namespace: 'shop-staging',
      labels: { team: 'yes', 'a/b': 'c' },
    });
    const { digest, ...covered } = result.rendered;
    expect(renderedDigest(covered, [object ?? null])).toBe(digest);
  });
});

describe('a stencil that is regular YAML', () => {
  it.each([
    ['keeps its layout', '  a:   [ 1,2 ]   # x\n\n  b: "y"\n', '  a:   [ 1,2 ]   # x\n\n  b: "y"\n'],
    ['keeps the quotes around a value', "  a: '${config.word}'\n", '  a: "plain"\n'],
    ['adds no quotes around a value', '  a: ${config.word} # x\n', '  a: plain # x\n'],
    ['has lines as a block', '  a: ${config.lines} # x\n', '  a: | # x\n    one\n      two\n\n    # three\n'],
    [
      'has a map below its key',
      '  a: ${config.map} # x\n  b: 1\n',
      '  a: # x\n    a: 1\n    b:\n      c: "yes"\n    d: []\n  b: 1\n',
    ],
    [
      'has a list below its key',
      '  a: ${config.list}\n',
      '  a:\n    - 1\n    - two\n    - three:\n        - 3\n',
    ],
    [
      'has a map in a list',
      '  - ${config.map} # x\n  - b\n',
      '  - a: 1 # x\n    b:\n      c: "yes"\n    d: []\n  - b\n',
    ],
    ['has an empty map in place', '  a: ${config.empty} # x\n', '  a: {} # x\n'],
    [
      'has placeholders in braces quoted',
      '  a: {b: "${config.odd}"}\n',
      '  a: {b: "\\"\'{}[]: # \\\\ \\ufeff"}\n',
    ],
  ])('%s', async (_name, spec, expected) => {
    const result = await renderedSpec(spec);
    expect(result?.manifests.get('manifests/config.yaml')?.split('spec:\n')[1]).toBe(expected);
  });
});
