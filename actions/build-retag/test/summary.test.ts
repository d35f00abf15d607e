import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@slipway/core';
import { compareLayers, type ImageChange } from '../src/tell/changes.ts';
import { freezeSummary } from '../src/tell/summary.ts';

const layer = (name: string, size: number) => ({ mediaType: 'layer', digest: `sha256:${name}`, size });
const one = (...layers: ReturnType<typeof layer>[]) => new Map([['', layers]]);

describe('what changed between two images', () => {
  it.each([
    ['a layer on top', one(layer('a', 5), layer('c', 3)), { added: 1, layers: 2, bytes: 3, base: false }],
    ['another base', one(layer('x', 7), layer('b', 2)), { added: 1, layers: 2, bytes: 7, base: true }],
    ['everything', one(layer('x', 7)), { added: 1, layers: 1, bytes: 7, base: true }],
    [
      'nothing but the config',
      one(layer('a', 5), layer('b', 2)),
      { added: 0, layers: 2, bytes: 0, base: false },
    ],
  ])('is %s', (_case, layers, change) => {
    expect(compareLayers(layers, one(layer('a', 5), layer('b', 2)))).toEqual({ kind: 'changed', ...change });
  });

  it('counts a layer of two platforms once, and compares each base with its own', () => {
    const layers = (base: string) =>
      new Map([
        ['linux/amd64', [layer('a', 5), layer('shared', 1)]],
        ['linux/arm64', [layer(base, 5), layer('shared', 1)]],
      ]);
    expect(compareLayers(layers('m'), layers('m'))).toMatchObject({ added: 0, layers: 3, base: false });
    expect(compareLayers(layers('n'), layers('m'))).toMatchObject({ added: 1, bytes: 5, base: true });
  });
});

describe('the summary of a build', () => {
  const image = { name: 'r.example/api', digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } as const;
  const snapshot: Snapshot = {
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag: 'v2',
    created: '2026-11-21T00:00:00Z',
    registry: 'r.example',
    images: { api: image },
  };
  const manifest = { mediaType: '', digest: '', size: 0, bytes: Buffer.alloc(0), content: {} };
  const frozen = { snapshot, images: [{ service: 'api', image, manifest, milliseconds: 1500 }] };
  const row = (change: ImageChange, previous?: string) =>
    freezeSummary(frozen, new Map([['api', change]]), previous)
      .split('\n')
      .find(line => line.startsWith('| api'));

  it.each<[string, ImageChange, RegExp]>([
    ['a size', { bytes: new Map([['', 2_340_000]]) }, /\| 2\.3 MB \| new \|/],
    [
      'a size for each platform',
      {
        bytes: new Map([
          ['linux/amd64', 1_000],
          ['linux/arm64', 3e9],
        ]),
      },
      /\| linux\/amd64: 1\.0 kB, linux\/arm64: 3\.00 GB \|/,
    ],
    ['that nothing changed', { bytes: new Map(), since: { kind: 'same' } }, /\| the same \|/],
    [
      'what changed',
      { bytes: new Map(), since: { kind: 'changed', added: 2, layers: 5, bytes: 1_200_000, base: true } },
      /\| 2 of 5 layers, 1\.2 MB, another base \|/,
    ],
  ])('says %s', (_case, change, expected) => {
    expect(row(change, 'v1')).toMatch(expected);
  });

  it('is a table too where all is kept from the snapshot that passed, whose long tag is above it', () => {
    const tag = '20261129-133020-0fdbfaa-1-1';
    const kept = { ...frozen, images: frozen.images.map(one => ({ ...one, from: tag })) };
    const changes = new Map<string, ImageChange>([
      ['api', { bytes: new Map([['', 2_340_000]]), since: { kind: 'same' } }],
    ]);
    expect(freezeSummary(kept, changes, tag)).toContain(
      `\n\nChanges since <code>${tag}</code>, which passed:\n\n\n| Service | Origin | Size | Change | Took |\n| --- | --- | --- | --- | --- |\n| api | built | 2.3 MB | the same | kept |\n`,
    );
    expect(freezeSummary(kept, changes, 'v1')).toContain(`| kept from <code>${tag}</code> |`);
  });

  it('keeps registries and digests out of the table, folded below it', () => {
    const summary = freezeSummary(frozen, new Map(), undefined);
    expect(row({ bytes: new Map([['', 5]]) })).not.toMatch(/r\.example|sha256/);
    const folded = summary.split('<details><summary>1 image by digest</summary>')[1];
    expect(folded).toContain(`- <code>r.example/api&#64;sha256:${'a'.repeat(64)}</code>\n`);
  });

  it('says below the table what an image was retagged from', () => {
    const retagged = { ...image, origin: 'retagged', source: 'docker.io/library/redis:8' } as const;
    const cache = { ...frozen, snapshot: { ...snapshot, images: { cache: retagged } }, images: [] };
    const summary = freezeSummary(cache, new Map(), undefined);
    expect(summary).toContain(
      '| Service | Origin | Size | Took |\n| --- | --- | --- | --- |\n| cache | retagged |',
    );
    expect(summary).toContain(
      `- <code>r.example/api&#64;sha256:${'a'.repeat(64)}</code>, retagged from <code>docker.io/library/redis:8</code>\n`,
    );
  });

  it('compares with nothing where nothing passed yet', () => {
    expect(freezeSummary(frozen, new Map(), undefined)).not.toMatch(/since|Change/);
    expect(freezeSummary(frozen, new Map(), undefined)).toContain('| 1.5 s |');
  });
});
