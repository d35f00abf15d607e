import { describe, expect, it } from '@jest/globals';
import { chunkName, refuseEqualNames } from '../chunk-names.ts';

const cases: Record<string, [roots: [request: string, packageName: string][], name: string]> = {
  'a package of ours has its own name': [[['@slipway/render', '@slipway/render']], 'render'],
  'a scope of others is part of the name': [[['@actions/github', '@actions/github']], 'actions-github'],
  'a file of a package has the name of both': [[['../lib/api.js', '@slipway/github']], 'github-api'],
  'of several packages the first by name decides, in whatever order they come': [
    [
      ['re2js', 're2js'],
      ['cel-js', 'cel-js'],
    ],
    'cel-js',
  ],
  'ours decides before others': [
    [
      ['ajv', 'ajv'],
      ['@slipway/yaml', '@slipway/yaml'],
    ],
    'yaml',
  ],
};

describe('the name of a chunk', () => {
  it.each(Object.entries(cases))('%s', (_title, [roots, name]) => {
    expect(chunkName(roots.map(([request, packageName]) => ({ request, packageName })))).toBe(name);
  });

  it('is never that of two', () => {
    expect(() => refuseEqualNames(['render', 'yaml', 'render'])).toThrow('two chunks have the name render');
    expect(() => refuseEqualNames(['render', 'yaml'])).not.toThrow();
  });
});
