import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { filesBelow, type RenderedAll, readRepositoryFrom, renderAll } from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { type Files, inMemory, shopFiles, snapshot } from './support/shop.ts';

const TARGETS = [{ formation: 'staging', destination: 'main' }];

/** The staging formation with a source of plain manifests. */
function formation(source: string, more = ''): Files {
  return {
    'formations/staging.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec:\n  sources: {k8s: {manifests: ${source}}}\n${more}  destinations: {main: {namespace: shop-staging}}\n`,
  };
}

const SCRIPT = `# Greets.
apiVersion: v1
kind: ConfigMap
metadata: {name: script}
data: {run.sh: 'echo "\${USER}"'}
---
`;
const POD = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: "web:1"}]}
`;

async function renderedFrom(files: Files, isInMemory = false): Promise<RenderedAll> {
  const { 'stencils/config.yaml': _, ...shop } = shopFiles as Record<string, string>;
  const all = { ...shop, ...files };
  const workspace = folderWith(isInMemory ? {} : all);
  const source = isInMemory ? inMemory(all) : filesBelow(workspace);
  const exec = () => Promise.reject(new Error('no process is expected'));
  return await renderAll(await readRepositoryFrom(source, 'slipway.yaml'), {
    targets: TARGETS,
    snapshot,
    tools: {
      ...{ exec, workspace, temporaryDirectory: tmpdir(), environment: {} },
      ...(isInMemory ? { files: source } : {}),
    },
  });
}

function objectsOf({ destinations: [destination] }: RenderedAll): string[] {
  return (destination?.objects ?? []).map(({ object, file }) => `${object.metadata.name} ${file}`);
}

async function messages(files: Files): Promise<string> {
  return await renderedFrom(files).then(
    () => '',
    (error: Error) => error.message,
  );
}

describe('a source of plain manifests', () => {
  const files: Files = { 'k8s/script.yaml': SCRIPT, 'k8s/jobs/web.json': POD, 'k8s/README.md': '# Hello' };

  it.each([false, true])(
    'is read as it is, with `${…}` as text, in another commit too: %s',
    async isInMemory => {
      const all = await renderedFrom({ ...files, ...formation('{paths: [k8s]}') }, isInMemory);
      expect(objectsOf(all)).toEqual([
        'web manifests/k8s-jobs-web.json.yaml',
        'script manifests/k8s-script.yaml',
      ]);
      const script = all.destinations[0]?.objects[1];
      expect(script?.object).toMatchObject({
        metadata: { namespace: 'shop-staging' },
        data: { 'run.sh': 'echo "${USER}"' },
      });
      expect(script?.positionAt('/data/run.sh')).toMatchObject({ path: 'k8s/script.yaml', line: 5 });
    },
  );

  it('is patched and selected like stencils', async () => {
    const patch =
      '  stencils: {exclude: ["name:k8s/script"]}\n  patches: [{kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: "${image.api}"}]}}]\n';
    const all = await renderedFrom({ ...files, ...formation('{paths: [k8s]}', patch) });
    const [web, ...others] = all.destinations[0]?.objects ?? [];
    expect(others).toEqual([]);
    expect(JSON.stringify(web?.object)).toContain('@sha256:');
  });

  it('is a stencil where placeholders are filled', async () => {
    const filling = formation('{paths: [k8s], placeholders: fill}');
    expect(await messages({ ...files, ...filling })).toContain('k8s/script.yaml:5:');
    const fixed = { ...files, 'k8s/script.yaml': SCRIPT.replace('$', '$$$$') };
    const all = await renderedFrom({ ...fixed, ...filling });
    expect(all.destinations[0]?.objects[1]?.object).toMatchObject({ data: { 'run.sh': 'echo "${USER}"' } });
  });

  it('takes single files, and leaves out what is excluded', async () => {
    const template = {
      'k8s/template.yaml': '{% for x in y %}',
      'k8s/jobs/values.yaml': 'a: 1\n',
      'pod.yaml': POD,
    };
    const exclude = 'exclude: [k8s/template.yaml, k8s/jobs]';
    const all = await renderedFrom({
      ...files,
      ...template,
      ...formation(`{paths: [k8s, pod.yaml], ${exclude}}`),
    });
    expect(objectsOf(all)).toEqual(['script manifests/k8s-script.yaml', 'web manifests/k8s-pod.yaml']);
  });

  it.each([
    ['a path that does not exist', '{paths: [k9s]}', '"k9s" does not exist in the workspace'],
    ['a path that leads out', '{paths: [../other]}', 'points out of the folder'],
    ['no paths', '{placeholders: fill}', 'the source "k8s" has no paths'],
  ])('is refused for %s, at its line', async (_what, source, message) => {
    const found = await messages({ ...files, ...formation(source) });
    expect(found).toContain(message);
    expect(found).toMatch(/^formations\/staging\.yaml:5:/);
  });
});
