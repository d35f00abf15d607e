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
    ['a folder and all files below it', ['out'], ['out/a.yaml#0 a', 'out/a.yaml#1 b', 'out/deep/c.json#0 c']],
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

  it('reads the items of a List in a List', async () => {
    const list = (item: string): string => `{"apiVersion": "v1", "kind": "List", "items": [${item}]}`;
    const text = list(`${list('{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "e"}}')}`);
    expect(await namesIn(['nested.json'], folderWith({ 'nested.json': text }))).toEqual(['nested.json#0 e']);
  });

  it.each(['out', 'out/*.yaml', 'out/broken.yaml'])(
    'refuses a link to a file that does not exist, as its objects would be pruned: %s',
    async path => {
      const workspace = folderWith(workspaceFiles);
      symlinkSync('missing.yaml', join(workspace, 'out/broken.yaml'));
      expect(await problemsOf(() => readManifests([path], workspace))).toEqual([
        'file-missing: "out/broken.yaml" is a link to a file that does not exist; fix the link, or check out what it points to in an earlier step',
      ]);
    },
  );

  it('reads files outside the workspace if they are named', async () => {
    const elsewhere = folderWith(workspaceFiles);
    expect(await namesIn([join(elsewhere, 'out/deep')])).toEqual([`${elsewhere}/out/deep/c.json#0 c`]);
    expect(await namesIn([join(elsewhere, 'list.yaml')])).toEqual([`${elsewhere}/list.yaml#0 d`]);
  });

  it('knows the position of everything', async () => {
    const { objects } = await readManifests(['out/a.yaml', 'list.yaml'], folderWith(workspaceFiles));
    const [d, a] = objects;
    expect(d?.positionAt('/metadata/name')).toEqual({
      path: 'list.yaml',
      line: 7,
      column: 7,
      endLine: 7,
      endColumn: 14,
    });
    expect(a?.positionAt('/data/x')).toMatchObject({ path: 'out/a.yaml', line: 6, column: 3 });
    expect(a?.positionAt('/spec/missing')).toEqual({ path: 'out/a.yaml', line: 1, column: 1 });
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

  it.each([
    [
      'apiversion: v1\nkind: A\nmetadata: { name: a }\n',
      1,
      '"apiVersion"',
      'write "apiVersion" for "apiversion"',
    ],
    [
      'apiVersion: v1\nkind: A\nmetafffdata: { name: a }\n',
      3,
      '"metadata.name"',
      'write "metadata" for "metafffdata"',
    ],
    [
      'apiVersion: v1\nKind: A\nmetdata: { name: a }\n',
      2,
      '"kind", "metadata.name"',
      'write "kind" for "Kind", write "metadata" for "metdata"',
    ],
    ['apiVersion: v1\nkind: A\nmetadata:\n  nane: a\n', 4, '"metadata.name"', 'write "name" for "nane"'],
    ['apiVersion: v1\nkind: A\ndata: { a: b }\n', 1, '"metadata.name"', 'add it'],
  ])('finds the word that was meant: %j', async (text, line, missing, remedy) => {
    const workspace = folderWith({ 'a.yaml': text });
    const [problem] = await problemsOf(() => readManifests(['a.yaml'], workspace));
    expect(problem).toMatch(
      new RegExp(`^object-invalid a\\.yaml:${line}:\\d+: this manifest has no valid ${missing}; ${remedy}$`),
    );
  });

  it.each([
    [
      'apiVersion: v1\nkind: A\nmetadata: { name: n }\n',
      'put metadata.name in quotes, as it is read as the boolean false',
    ],
    [
      'apiVersion: v1\nkind: A\nmetadata: { name: 0x10 }\n',
      'put metadata.name in quotes, as it is read as the number 16',
    ],
    [
      'apiVersion: 1\nkind: A\nmetadata: { name: a }\n',
      'put apiVersion in quotes, as it is read as the number 1',
    ],
  ])('says what a text without quotes is read as: %j', async (text, remedy) => {
    const [problem] = await problemsOf(() => readManifests(['a.yaml'], folderWith({ 'a.yaml': text })));
    expect(problem).toContain(remedy);
    expect(problem).toMatch(/^object-invalid a\.yaml:[13]:/);
  });

  it.each([
    ['base/kustomization.yaml', 'resources: [web.yaml]\n', 'Kustomize', 'kubectl kustomize'],
    ['chart/Chart.yaml', 'apiVersion: v2\nname: shop\n', 'Helm', 'helm template'],
    ['chart/values.yaml', 'replicas: 2\n', 'Helm', 'helm template'],
  ])('is not asked to make a manifest of %s', async (path, text, tool, command) => {
    const workspace = folderWith({ [path]: text });
    expect(await problemsOf(() => readManifests([path], workspace))).toEqual([
      `object-invalid ${path}:1:1: this file of ${tool} is not a manifest, and ${tool} is not run for plain manifests; name what \`${command}\` writes instead, or use it as a source of a formation: see docs/helm-and-kustomize.md`,
    ]);
  });

  it('reports all problems at once', async () => {
    const workspace = folderWith({ 'a.yaml': 'a: [', 'b.yaml': 'kind: X\n---\n- a\n' });
    expect(await problemsOf(() => readManifests(['*.yaml', 'none/*.yaml'], workspace))).toEqual([
      'manifests-missing: "none/*.yaml" matches no manifest; name a file, a folder or a glob with .yaml, .yml or .json files',
      expect.stringMatching(/^yaml-syntax a\.yaml:1:/),
      'object-invalid b.yaml:1:1: this manifest has no valid "apiVersion", "metadata.name"; add it',
      'object-invalid b.yaml:3:1: this document is not a Kubernetes object; write a manifest with apiVersion, kind and metadata',
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

describe("Helm's output", () => {
  const output = `---
# Source: demo/templates/api.yaml
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: LoadBalancer
---
# Source: demo/charts/redis/templates/redis.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: redis
---
# Source: other/templates/api.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: other
`;
  const files = {
    'out/all.yaml': output,
    'charts/demo/Chart.yaml': 'name: demo\nversion: 1.0.0\n',
    'charts/demo/templates/api.yaml':
      '{{- if .Values.on }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  type: {{ .Values.type }}\n{{- end }}\n',
    'charts/demo/charts/redis/templates/redis.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: redis\n',
    'node_modules/demo/Chart.yaml': 'name: demo\n',
    'node_modules/demo/templates/api.yaml': 'kind: Service\n',
    'charts/demo/charts/redis/Chart.yaml': 'name: redis\n',
  };

  it('has positions in the templates of the workspace, or in itself if there are none', async () => {
    const { objects } = await readManifests(['out'], folderWith(files));
    const positions = objects.map(object => object.positionAt('/metadata/name'));
    expect(positions.map(({ path, line }) => [path, line])).toEqual([
      ['charts/demo/templates/api.yaml', 5],
      ['charts/demo/charts/redis/templates/redis.yaml', 4],
      ['out/all.yaml', 20],
    ]);
    expect(objects[0]?.positionAt('/spec/type')).toMatchObject({
      path: 'charts/demo/templates/api.yaml',
      line: 7,
    });
  });

  it('keeps its position if two charts have the same name or a source is outside its chart', async () => {
    const twice = { ...files, 'old/Chart.yaml': 'name: demo\n', 'old/templates/api.yaml': 'kind: Service\n' };
    const { objects } = await readManifests(['out'], folderWith(twice));
    expect(objects[0]?.positionAt('/kind').path).toBe('out/all.yaml');
    const outside = output.replaceAll('demo/templates/api.yaml', 'demo/../../../etc/passwd');
    const hostile = await readManifests(['out'], folderWith({ ...files, 'out/all.yaml': outside }));
    expect(hostile.objects[0]?.positionAt('/kind').path).toBe('out/all.yaml');
  });
});

describe('a large file', () => {
  const one = (name: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  text: ${'x'.repeat(2000)}\n`;
  const documents = Array.from({ length: 100 }, (_, index) => one(`a${index}`));

  it('is read in sections, with positions in the whole file', async () => {
    const text = documents.join('---\n');
    const { objects } = await readManifests(['.'], folderWith({ 'all.yaml': text }));
    expect(objects.map(({ document }) => document)).toEqual(documents.map((_, index) => index));
    const line = text.slice(0, text.indexOf('name: a77\n')).split('\n').length;
    expect(objects[77]?.positionAt('/metadata/name')).toMatchObject({ line, column: 3 });
    expect(objects[3]?.positionAt('/metadata/name')).toMatchObject({ line: 3 * 7 + 4 });
  });

  it('reports the problems of all sections', async () => {
    const broken = documents.map((text, index) => (index === 10 || index === 90 ? `a: [\n${text}` : text));
    const problems = await problemsOf(() =>
      readManifests(['.'], folderWith({ 'all.yaml': broken.join('---\n') })),
    );
    expect(problems.length).toBe(2);
  });
});
