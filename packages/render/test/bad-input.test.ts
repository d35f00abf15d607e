import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRepository, renderAll, selectTargets } from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { config, configMap, problemsOf, shopFiles } from './support/shop.ts';

type Content = string | Uint8Array | { readonly link: string } | 'a folder';

const bombs = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? 'a0: &a0 x'
    : `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
).join('\n');
const nested = `a: ${'['.repeat(300)}${']'.repeat(300)}`;
const staging = (more: string): string => `${shopFiles['formations/staging.yaml']}${more}`;

/** The mistake, the file with it, and the problems that are reported. */
const atReading: Record<string, readonly [path: string, content: Content, said: string]> = {
  'a tab as indentation': [
    'stencils/tab.yaml',
    'a:\n\tb: 1\n',
    'yaml-syntax stencils/tab.yaml:2:1: a tab indents this line; indent with spaces',
  ],
  'an alias bomb': [
    'stencils/bomb.yaml',
    bombs,
    'yaml-alias stencils/bomb.yaml:6:45: the aliases up to here repeat more than 100000 values; write the values out or use fewer aliases',
  ],
  'deep nesting': [
    'stencils/deep.yaml',
    nested,
    'yaml-depth stencils/deep.yaml:1:203: lists and maps are nested too deeply; flatten the document',
  ],
  'a duplicate key': [
    'stencils/twice.yaml',
    'a: 1\na: 2\n',
    'key-duplicate stencils/twice.yaml:2:1: the key "a" appears twice in this map (first at stencils/twice.yaml:1:1); remove one of them',
  ],
  'UTF-16': [
    'stencils/utf16.yaml',
    Buffer.from('\u{FEFF}a: 1', 'utf16le'),
    'yaml-encoding stencils/utf16.yaml:1:1: the file is UTF-16; save it as UTF-8',
  ],
  'bytes that are not text': [
    'stencils/latin.yaml',
    Buffer.from('a: \u00e9', 'latin1'),
    'yaml-encoding stencils/latin.yaml:1:1: the file contains bytes that are not UTF-8; save it as UTF-8',
  ],
  'a NUL byte': [
    'stencils/nul.yaml',
    'a: x\0\n',
    'yaml-encoding stencils/nul.yaml:1:5: the file contains a NUL character; save it as UTF-8 text',
  ],
  'an unquoted placeholder in braces': [
    'stencils/braces.yaml',
    'a: {b: ${image.api}}\n',
    'yaml-syntax stencils/braces.yaml:1:8: a placeholder between brackets or braces has no quotes; write "${…}" in double quotes',
  ],
  infinity: [
    'stencils/infinity.yaml',
    'a: .inf\n',
    'yaml-value stencils/infinity.yaml:1:4: ".inf" is not a number that JSON can write; put it in quotes',
  ],
  'a symbolic link out of the repository': [
    'stencils/link.yaml',
    { link: '/etc/hostname' },
    'file-outside: "stencils/link.yaml" points out of the folder that it belongs to; put the file itself into the repository',
  ],
  'a folder with the name of a stencil': [
    'stencils/folder.yaml',
    'a folder',
    'file-unreadable: "stencils/folder.yaml" is not a regular file; replace it with one',
  ],
  'a name with path segments': [
    'formations/up.yaml',
    'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: ../up}\nspec: {destinations: {eu: {namespace: x}}}\n',
    'format-invalid formations/up.yaml:3:18: "metadata.name" is "../up"; expected: a DNS label of at most 40 characters (a-z, 0-9 and -)',
  ],
  'a destination with path segments': [
    'formations/to.yaml',
    'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: to}\nspec: {destinations: {../../etc: {namespace: x}}}\n',
    'format-invalid formations/to.yaml:4:23: "../../etc" is not a name for an entry of "spec.destinations"; expected: a DNS label of at most 40 characters (a-z, 0-9 and -)',
  ],
};

const atRendering: typeof atReading = {
  'a placeholder in a key': [
    'stencils/key.yaml',
    configMap('${config.known}: x', 'key'),
    'word-in-key stencils/key.yaml:6:3: the placeholder "${config.known}" is in a key; move it into the value, or replace the whole map with an unquoted placeholder',
  ],
  'a placeholder that has no closing }': [
    'stencils/end.yaml',
    configMap('a: ${config.known', 'end'),
    'word-unterminated stencils/end.yaml:6:6: the placeholder "${config.known" has no closing }; add }, or write $${ for a literal ${',
  ],
  'a placeholder with a function': [
    'stencils/function.yaml',
    configMap('a: ${upper(config.known)}', 'function'),
    'word-malformed stencils/function.yaml:6:6: "${upper(config.known)}" is not a placeholder; write dotted words of letters, digits, _ and -, or $${ for a literal ${',
  ],
  'a misspelled word': [
    'stencils/word.yaml',
    configMap('a: ${config.knwon}', 'word'),
    'word-unvalued stencils/word.yaml:6:6: "config.knwon" has no value for main.staging (tried main.staging.knwon, main.*.knwon, *.staging.knwon, *.*.knwon); did you mean "config.known"?',
  ],
  'a list in a text': [
    'stencils/text.yaml',
    configMap('a: x ${config.list}', 'text'),
    'word-not-text stencils/text.yaml:6:8: "config.list" is a list, which cannot be part of a text; write the placeholder unquoted as the whole value, or use a text or number',
  ],
  'an object that is defined twice': [
    'stencils/z-twin.yaml',
    configMap('a: b'),
    'object-duplicate stencils/z-twin.yaml:1:1: ConfigMap "config" is already defined (stencils/config.yaml:1:1); remove or rename one of them',
  ],
  'an object whose name is a path': [
    'stencils/path.yaml',
    configMap('a: b', '../../etc/passwd'),
    'object-name-invalid stencils/path.yaml:4:9: metadata.name "../../etc/passwd"',
  ],
  'a document that is not an object': [
    'stencils/none.yaml',
    '- a\n',
    'object-invalid stencils/none.yaml:1:1: this document is not a Kubernetes object; write a manifest with apiVersion, kind and metadata',
  ],
  'a secret outside a Secret': [
    'stencils/leak.yaml',
    configMap('a: ${secret.password}', 'leak'),
    'secret-misplaced stencils/leak.yaml:6:6: the secret "password" is not in data or stringData of a v1 Secret in namespace "shop-staging"; put it into a Secret and refer to that Secret',
  ],
  'a patch that matches nothing': [
    'formations/staging.yaml',
    staging('  patches:\n    - {kind: ConfigMap, metadata: {name: confg}, data: {a: b}}\n'),
    'patch-unmatched formations/staging.yaml:9:42: the formation has no "ConfigMap confg" to patch; did you mean "ConfigMap config"?',
  ],
};

const values = config('"*.*": {known: x, list: [1]}', '"*.*.password": {from: env, name: PASSWORD}');

function workspaceWith(changes: readonly (readonly [path: string, content: Content])[]): string {
  const workspace = folderWith({ ...shopFiles, 'config/a.yaml': values });
  for (const [path, content] of changes) {
    const file = join(workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    if (content === 'a folder') mkdirSync(file);
    else if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file);
    else writeFileSync(file, content);
  }
  return workspace;
}

async function renderIn(workspace: string) {
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  return await renderAll(repository, { targets: selectTargets(repository, ['staging'], []) });
}

describe('bad input is told in one sentence with its position and the remedy', () => {
  it.each(Object.entries({ ...atReading, ...atRendering }))('%s', async (_name, [path, content, said]) => {
    const found = await problemsOf(() => renderIn(workspaceWith([[path, content]])));
    expect(found).toEqual([expect.stringContaining(said)]);
    expect(found[0]).toMatch(/^[a-z-]+(?: [^:\n]+:\d+:\d+)?: [^\n]+; [^\n]+$/);
  });

  it.each([
    ['of all files that cannot be read', atReading],
    ['of all that cannot be rendered', atRendering],
  ])('all of it at once, %s', async (_name, table) => {
    const all = Object.values(table);
    const found = await problemsOf(() =>
      renderIn(workspaceWith(all.map(([path, content]) => [path, content]))),
    );
    for (const [, , said] of all) expect(found).toContainEqual(expect.stringContaining(said));
    expect(found).toHaveLength(all.length);
  });
});

describe('unusual input is accepted', () => {
  const big = `${'x: y\n# z\n'.repeat(120_000)}"'`;

  it('a value of a megabyte, in every style', async () => {
    const stencil = configMap(
      'a: ${config.known}\nb: "${config.known}"\nc: |\n  ${config.known}\nd: [ "${config.known}" ]\n',
    );
    const workspace = workspaceWith([
      ['stencils/config.yaml', stencil],
      ['config/a.yaml', config(`"*.*.known": ${JSON.stringify(big)}`)],
    ]);
    const { destinations } = await renderIn(workspace);
    expect(destinations[0]?.objects[0]?.object['data']).toEqual({ a: big, b: big, c: `${big}\n`, d: [big] });
  });

  it.each([
    ['a byte order mark', `\u{FEFF}${configMap('a: ${config.known}')}`],
    ['Windows line ends', configMap('a: ${config.known}').replaceAll('\n', '\r\n')],
    [
      'JSON',
      '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "config"}, "data": {"a": "${config.known}"}}',
    ],
  ])('%s', async (_name, stencil) => {
    const { destinations } = await renderIn(workspaceWith([['stencils/config.yaml', stencil]]));
    expect(destinations[0]?.objects[0]?.object['data']).toEqual({ a: 'x' });
  });
});
