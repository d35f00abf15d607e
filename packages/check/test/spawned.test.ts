import { describe, expect, it } from '@jest/globals';
import { readRepository } from '@slipway/render';
import { type Changes, replacing, shopWith, withPreview } from '@slipway/testkit/shop';
import { spawningOf } from '../src/base-rules/base-spawning.ts';
import type { CheckManifestsRequest } from '../src/request/request.ts';
import { spawned } from '../src/targets/spawned.ts';

const read = (changes: Changes) =>
  readRepository({ workspace: shopWith(changes), application: 'slipway.yaml' });
const preview = withPreview['formations/preview.yaml'] ?? (() => '');
const request = { spawn: { text: '1234' }, formations: ['preview'] } as unknown as CheckManifestsRequest;
const commit = 'a'.repeat(40);

describe('the instance of a pull request', () => {
  it('has the block of the base commit, whatever the pull request writes', async () => {
    const repository = await read({
      ...withPreview,
      'formations/preview.yaml': () =>
        replacing('[preview.acme.io]', '[preview.acme.io, acme.io]')(preview('')),
    });
    const both = spawned({ repository, base: await read(withPreview) }, request, commit);
    expect(both.repository.spawned?.get('preview-1234')?.block.hosts).toEqual(['preview.acme.io']);
    expect(both.base?.formations.has('preview-1234')).toBe(true);
  });

  it('is refused where the base commit has no block', async () => {
    const repositories = { repository: await read(withPreview), base: await read({}) };
    expect(() => spawned(repositories, request, commit)).toThrow(
      'the formation "preview" has no spawn block in the base commit aaaaaaaaaaaa, which says what is spawned',
    );
  });

  it('is refused where the base commit does not have the application at all', async () => {
    const repositories = { repository: await read(withPreview), base: undefined };
    expect(() => spawned(repositories, request, commit)).toThrow(
      expect.objectContaining({ code: 'spawn-unmerged' }),
    );
  });

  it('is that of the checkout without a base commit', async () => {
    const both = spawned({ repository: await read(withPreview), base: undefined }, request);
    expect([...(both.repository.spawned?.keys() ?? [])]).toEqual(['preview-1234']);
  });
});

describe('what a pull request changes of its own instance', () => {
  const file = 'formations/preview.yaml';
  const spawningBy = async (changes: Changes) => (await read({ ...withPreview, ...changes })).spawning;
  const formation = async (change: (text: string) => string) => {
    const found = (await spawningBy({ [file]: () => change(preview('')) })).get('preview');
    if (found === undefined) throw new Error('it is not spawned any more');
    return found.formation;
  };
  const base = async () => {
    const found = [...(await spawningBy({}))].map(([name, one]) => [name, one.formation] as const);
    return spawningOf(commit, new Map(found));
  };

  it.each<[string, (text: string) => string]>([
    ['how many there may be', replacing('at-most: 8', 'at-most: 100')],
    ['how long it stays', replacing('expires: 48h', 'expires: 168h')],
    ['its hosts', replacing('[preview.acme.io]', '[preview.acme.io, acme.io]')],
    ['its registry', replacing('shop-preview\n', 'shop-other\n')],
    ['the fence', replacing('form: shared', 'form: shared\n    fence: none\n    fence-reason: mine')],
  ])('does not count: %s', async (_title, change) => {
    expect((await base()).blockOf('preview', await formation(change))).toEqual(
      (await formation(text => text)).spec.spawn,
    );
  });

  it.each<[string, (text: string) => string, string]>([
    ['where it goes', replacing('namespace: shop-previews', 'namespace: shop'), 'destinations'],
    ['which cluster that is', replacing('context: dev', 'context: production'), 'destinations'],
    ['a second place', text => `${text.trimEnd()}\n    more: { namespace: others }\n`, 'destinations'],
    ['its prefix', replacing('name-prefix: pr-', 'name-prefix: x-'), 'name-prefix'],
    ['its label', replacing('example.com/preview: "pr-', 'example.com/preview: "x-'), 'labels'],
    ['a label beside it', replacing('labels: {', 'labels: { example.com/other: pr-2,'), 'labels'],
  ])('is refused: %s', async (_title, change, field) => {
    const own = await formation(change);
    const spawning = await base();
    expect(() => spawning.blockOf('preview', own)).toThrow(
      expect.objectContaining({ code: 'spawn-moved', message: expect.stringContaining(`"${field}" of the`) }),
    );
  });

  it('is refused for a formation that has no block in the base commit', async () => {
    const own = await formation(text => text);
    expect(() => spawningOf(commit, new Map()).blockOf('preview', own)).toThrow(
      expect.objectContaining({ code: 'spawn-unmerged' }),
    );
  });
});
