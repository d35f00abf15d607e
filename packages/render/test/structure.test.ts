import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { parseDocuments, stringifyYaml } from '@slipway/yaml';
import fc from 'fast-check';
import type { RenderedDestination } from '../src/index.ts';
import { hostileText } from './support/hostile-text.ts';
import { rendered, secret } from './support/shop.ts';

const stencil = [
  '# a comment',
  'apiVersion: v1',
  'kind: ConfigMap',
  'metadata:',
  '  name: config',
  '  annotations: {a: "${config.v}", b: "x"}',
  'data:',
  '  # another ${config.v}',
  '  plain: ${config.v} # beside',
  '  inside: a ${config.v} b ${config.v}',
  "  single: '${config.v}'",
  '  double: "${config.v}"',
  '  literal: | # of a block',
  '    before',
  '    ${config.v}',
  '    after',
  '  folded: >-',
  '    ${config.v}',
  '  list: [ "${config.v}", z ]',
  '  last: x',
  '',
].join('\n');

/** stringifyYaml writes any text, as its own tests show. */
function configWith(value: string): string {
  const values = { '*.*': { v: value } };
  const secrets = { '*.*.password': { from: 'env', name: 'PASSWORD' } };
  return stringifyYaml({ apiVersion: 'slipway.dev/v1', kind: 'Config', spec: { values, secrets } });
}

async function renderWith(stencil: string, value: string): Promise<RenderedDestination> {
  return await rendered({ 'stencils/config.yaml': stencil, 'config/a.yaml': configWith(value) });
}

describe('no value whatever changes the structure of the result', () => {
  it('each scalar is exactly the value, and nothing else is different', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async value => {
        const { objects, manifests } = await renderWith(stencil, value);
        const object = objects[0]?.object ?? null;
        const readBack = parseDocuments(manifests.get('manifests/config.yaml') ?? '', 'x.yaml')[0]?.value;
        expect(object).toEqual({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'config', namespace: 'shop-staging', annotations: { a: value, b: 'x' } },
          data: {
            plain: value,
            inside: `a ${value} b ${value}`,
            single: value,
            double: value,
            literal: `before\n${value}\nafter\n`,
            folded: value,
            list: [value, 'z'],
            last: 'x',
          },
        });
        expect(readBack).toEqual(object);
      }),
      { numRuns: 300 },
    );
  });

  it('stand-ins of secrets occur once, whatever text is beside them', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async value => {
        const fields = 'stringData:\n  url: "${config.v}:${secret.password}@${config.v}${secret.password}"';
        const { objects, rendered: of } = await renderWith(secret(fields), value);
        const filled = valueAt(objects[0]?.object ?? null, ['stringData', 'url']) as string;
        expect(of.seals).toHaveLength(2);
        for (const { standIn } of of.seals) expect(filled.split(standIn)).toHaveLength(2);
        const [first = '', second = ''] = of.seals.map(({ standIn }) => standIn);
        expect(filled).toBe(`${value}:${first}@${value}${second}`);
      }),
      { numRuns: 300 },
    );
  });
});

describe('no comment whatever changes the result', () => {
  it('wherever it is', async () => {
    const line = hostileText.map(value => value.replace(/[\0\r\n\u0085\u2028\u2029]/g, ' '));
    await fc.assert(
      fc.asyncProperty(line, async comment => {
        const commented = stencil.replaceAll(/# .*/g, `# ${comment.replaceAll('$', '$$$$')}`);
        const [plain, result] = await Promise.all([renderWith(stencil, 'v'), renderWith(commented, 'v')]);
        expect(result.rendered.digest).toBe(plain.rendered.digest);
        const readBack = parseDocuments(result.manifests.get('manifests/config.yaml') ?? '', 'x.yaml');
        expect(readBack.map(({ value }) => value)).toEqual(plain.objects.map(({ object }) => object));
      }),
      { numRuns: 300 },
    );
  });
});
