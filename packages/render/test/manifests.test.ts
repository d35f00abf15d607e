import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readManifests } from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { configMap, problemsOf } from './support/shop.ts';

const workspaceFiles = {
  'out/a.yaml': `${configMap('x: 1', 'a')}---\n# nothing\n---\n${configMap('x: 1', 'b')}`,
  'out/deep/c.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}',
  'out/README.md': '# read me: [',
  'list.yaml':
    'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata:\n      name: d\n',
};

async function namesIn(paths: readonly string[], workspace = folderWith(workspaceFiles)): Promise<string[]> {
  const { objects } = await readManifests(paths, workspace);
  return objects.map(({ object, file, document }) => `${file}#${document} ${object.metadata.name}`);
}

describe('readManifests', () => {
  it.each([
    ['a file', ['out/a.yaml'], ['out/a.yaml#0 a', 'out/a.yaml#1 b']],
    ['a folder and all below it', ['out'], ['out/a.yaml#0 a', 'out/a.yaml#1 b', 'out/deep/c.json#0 c']],
    ['a glob', ['out/**/*.json'], ['out/deep/c.json#0 c']],
    [
      'several, each file once',
      ['out/a.yaml', 'out/*', './out/a.yaml'],
      ['out/a.yaml#0 a', 'out/a.yaml#1 b'],
    ],
    ['the items of a List', ['list.yaml'], ['list.yaml#0 d']],
  ])('reads %s', async (_name, paths, expected) => {
    expect(await namesIn(paths)).toEqual(expected);
  });

  it('reads what lies outside of the workspace when it is named', async () => {
    const elsewhere = folderWith(workspaceFiles);
    expect(await namesIn([join(elsewhere, 'out/deep')])).toEqual([`${elsewhere}/out/deep/c.json#0 c`]);
    expect(await namesIn([join(elsewhere, 'list.yaml')])).toEqual([`${elsewhere}/list.yaml#0 d`]);
  });

  it('knows the place of everything', async () => {
    const { objects } = await readManifests(['out/a.yaml', 'list.yaml'], folderWith(workspaceFiles));
    const [d, a] = objects;
    expect(d?.placeOf('/metadata/name')).toEqual({
      path: 'list.yaml',
      line: 7,
      column: 7,
      endLine: 7,
      endColumn: 14,
    });
    expect(a?.placeOf('/data/x')).toMatchObject({ path: 'out/a.yaml', line: 6, column: 3 });
    expect(a?.placeOf('/spec/missing')).toEqual({ path: 'out/a.yaml', line: 1, column: 1 });
    expect(a?.relatedTo('/data/x')).toEqual([]);
  });

  it('warns of a duplicate key, of which the last counts as for Kubernetes', async () => {
    const { objects, warnings } = await readManifests(
      ['a.yaml'],
      folderWith({ 'a.yaml': configMap('x: 1\nx: 2') }),
    );
    expect(objects[0]?.object['data']).toEqual({ x: 2 });
    expect(warnings.map(({ code, at }) => `${code} ${at?.line}`)).toEqual(['key-duplicate 7']);
  });

  it('tells all problems at once', async () => {
    const workspace = folderWith({ 'a.yaml': 'a: [', 'b.yaml': 'kind: X\n---\n- a\n' });
    expect(await problemsOf(() => readManifests(['*.yaml', 'none/*.yaml'], workspace))).toEqual([
      'manifests-missing: "none/*.yaml" matches no manifest; give a file, a folder or a glob with .yaml, .yml or .json files',
      expect.stringMatching(/^yaml-syntax a\.yaml:1:/),
      'object-invalid b.yaml:1:1: this manifest lacks "apiVersion", "metadata.name" as text; add it',
      'object-invalid b.yaml:3:1: this document is no Kubernetes object; write a manifest with apiVersion, kind and metadata',
    ]);
  });

  it.each([
    ['of the workspace', (workspace: string) => workspace],
    ['of a folder elsewhere', () => folderWith({})],
  ])('does not follow a link out %s', async (_name, folderOf) => {
    const workspace = folderWith({});
    const folder = folderOf(workspace);
    const secret = folderWith({ 'x.yaml': configMap('secret: x') });
    symlinkSync(join(secret, 'x.yaml'), join(folder, 'x.yaml'));
    expect(await problemsOf(() => readManifests([folder], workspace))).toEqual([
      expect.stringMatching(/^file-outside: "x\.yaml"/),
    ]);
  });
});
