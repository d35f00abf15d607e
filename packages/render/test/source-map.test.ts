import { describe, expect, it } from '@jest/globals';
import { formatPosition, type Position, placePointers, readPlaces } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { readRepositoryFrom, render } from '../src/index.ts';
import { renderedObject } from '../src/manifests/rendered-object.ts';
import { config, configMap, inMemory, rendered, shopFiles, staging } from './support/shop.ts';

const files = {
  'stencils/config.yaml': configMap(
    'a: ${config.a}\nb:\n  - one\n  - {c: x}\nmap: ${config.map}\ntext: |\n  line ${config.a}\n',
  ),
  'config/a.yaml': config('"*.*":\n  a: 1\n  map: {x: 1, y: {z: 2}}\n"*.staging.map.y.z": 3'),
};

describe('the source map', () => {
  it('has a place for the object and for each of its keys, items and scalars', async () => {
    const { objects, sourceMap } = await rendered(files);
    const pointers = placePointers(objects[0]?.object ?? null);
    expect(pointers).toEqual(expect.arrayContaining(['', '/data', '/data/b/1/c', '/data/map/y/z', '/kind']));
    const [places] = sourceMap.objects;
    expect(places && readPlaces(sourceMap, places)).toHaveLength(pointers.length);
  });

  it('does not depend on the order in which a tool writes keys', async () => {
    const { objects, sourceMap } = await rendered(files);
    const [object, places] = [objects[0]?.object as KubernetesObject, sourceMap.objects[0]];
    const turned = Object.fromEntries(Object.entries(object).reverse()) as KubernetesObject;
    const manifest = { reference: referenceTo(object), file: 'x', document: 0, read: () => turned };
    const again = renderedObject(manifest, sourceMap, places);
    expect(again.positionAt('/data/b/1/c')).toEqual(objects[0]?.positionAt('/data/b/1/c'));
  });

  it.each([
    ['a scalar from its key to its end', '/kind', [2, 1, 2, 16]],
    ['a map by its key', '/data', [5, 1, 5, 5]],
    ['an item by its beginning', '/data/b/1', [9, 7, 9, 7]],
    ['a scalar of a list', '/data/b/0', [8, 7, 8, 10]],
    ['what is between braces', '/data/b/1/c', [9, 8, 9, 12]],
    ['a placeholder where it is written', '/data/a', [6, 3, 6, 17]],
    ['what a map brought, by its placeholder', '/data/map/y/z', [10, 8, 10, 21]],
    ['a block to its last line', '/data/text', [11, 3, 12, 21]],
    ['the namespace by the name', '/metadata/namespace', [4, 3, 4, 7]],
    ['what is missing by what is around it', '/data/b/7/nope', [7, 3, 7, 4]],
    ['the object by its beginning', '', [1, 1, 1, 1]],
  ])('shows %s', async (_name, pointer, [line, column, endLine, endColumn]) => {
    const [object] = (await rendered(files)).objects;
    expect(object?.positionAt(pointer)).toEqual({
      path: 'stencils/config.yaml',
      line,
      column,
      endLine,
      endColumn,
    });
  });

  it.each([
    ['/data/a', ['*.*.a config/a.yaml:6']],
    ['/data/text', ['*.*.a config/a.yaml:6']],
    ['/data/map/x', ['*.*.map.x config/a.yaml:7']],
    ['/data/map/y/z', ['*.staging.map.y.z config/a.yaml:8']],
    ['/metadata/namespace', ['destinations.main.namespace formations/staging.yaml:7']],
    ['/data/b/0', []],
  ])('knows what filled %s', async (pointer, expected) => {
    const [object] = (await rendered(files)).objects;
    const related = object?.relatedTo(pointer).map(({ address, at }) => `${address} ${at.path}:${at.line}`);
    expect(related).toEqual(expected);
  });

  it('tells a file of a commit from one of the checkout that has the same path', async () => {
    const revision = 'c'.repeat(40);
    const source = inMemory({ ...shopFiles, ...files });
    const revisionOf = (path: string) => (path.startsWith('stencils/') ? revision : undefined);
    const repository = await readRepositoryFrom({ ...source, revisionOf }, 'slipway.yaml');
    const { objects, sourceMap } = render(repository, staging);
    const [object] = objects;
    expect(object?.positionAt('/data/a')).toMatchObject({ path: 'stencils/config.yaml', line: 6, revision });
    expect(object?.relatedTo('/data/a').map(({ at }) => at)).toEqual([
      { path: 'config/a.yaml', line: 6, column: 7 },
    ]);
    expect(sourceMap.sources.map((path, index) => [path, sourceMap.revisions?.[index]])).toContainEqual([
      'stencils/config.yaml',
      revision,
    ]);
    expect(formatPosition(object?.positionAt('/kind') as Position)).toBe(
      'cccccccccccc:stencils/config.yaml:2:1',
    );
  });

  it('names no commit where all files are of the checkout', async () => {
    expect((await rendered(files)).sourceMap.revisions).toBeUndefined();
  });
});
