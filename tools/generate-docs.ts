/**
 * Writes what is derived from other files: the lists in each action's README, the root action.yml, docs/errors.md, docs/rules and
 * schemas/.
 * `npm run docs` writes, `npm run docs -- --check` says what is stale.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as core from '@slipway/core';
import { readActionFile } from '@slipway/testbed/runner';
import { describeRules, pageName } from '../packages/policy/src/index.ts';
import { parseDocument } from '../packages/yaml/src/index.ts';
import { readFlags } from './arguments.ts';
import { errorsPage, type PackageErrors } from './docs/errors-page.ts';
import { withLists } from './docs/readme.ts';
import { actionText, mergeActions } from './docs/root-action.ts';
import { type RuleExample, ruleIndex, rulePage } from './docs/rule-pages.ts';

const root = resolve(import.meta.dirname, '..');

const steps = [
  { step: 'build', name: 'build-retag' },
  { step: 'render', name: 'render-stencil' },
  { step: 'check', name: 'policy-check' },
  { step: 'deploy', name: 'deploy' },
  { step: 'verify', name: 'verify-rollout' },
] as const;

/** Path and text of every file that this tool writes. */
async function derivedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const actions = steps.map(({ step, name }) => ({
    step,
    folder: `actions/${name}`,
    file: readActionFile(join(root, `actions/${name}/action.yml`)),
  }));
  const pipeline = mergeActions(actions);
  files.set('action.yml', actionText(pipeline));
  for (const { folder, file } of [...actions, { folder: 'actions/pipeline', file: pipeline }]) {
    const readme = `${folder}/README.md`;
    files.set(readme, withLists(readFileSync(join(root, readme), 'utf8'), file));
  }
  files.set('docs/errors.md', errorsPage(await readErrors()));
  for (const [path, text] of rulePages()) files.set(path, text);
  for (const schema of schemas())
    files.set(`schemas/${schema.$id.replace(/^.*\//, '')}`, `${JSON.stringify(schema, null, 2)}\n`);
  return files;
}

function rulePages(): [path: string, text: string][] {
  const source = 'packages/policy/packs/examples.yaml';
  const examples = parseDocument(readFileSync(join(root, source), 'utf8'), source).value;
  const pages = describeRules();
  const fileOf = (page: string): string => `${pageName(page)}.md`;
  return [
    ['docs/rules/README.md', ruleIndex(pages, fileOf)],
    ...[...pages].map(([page, rules]): [string, string] => [
      `docs/rules/${fileOf(page)}`,
      rulePage(page, rules, examples as never as Record<string, RuleExample>),
    ]),
  ];
}

async function readErrors(): Promise<PackageErrors[]> {
  const owners = ['packages', 'actions'].flatMap(folder =>
    readdirSync(join(root, folder)).map(name => `${folder}/${name}`),
  );
  const found: PackageErrors[] = [];
  for (const owner of owners) {
    const path = join(root, owner, 'src/error-codes.ts');
    if (!existsSync(path)) continue;
    const exports = Object.entries((await import(path)) as Record<string, PackageErrors['errors']>);
    for (const [name, errors] of exports) if (name.endsWith('Errors')) found.push({ owner, errors });
  }
  return found;
}

interface PublishedSchema {
  readonly $id: string;
}

function schemas(): PublishedSchema[] {
  return Object.values(core).filter(
    (value): value is PublishedSchema & typeof value =>
      typeof value === 'object' && value !== null && '$id' in value,
  );
}

/** As the formatter would leave it, so that it and this tool never take turns. */
function format(path: string, text: string): string {
  if (!path.endsWith('.json')) return text;
  const biome = join(root, 'node_modules/.bin/biome');
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}

const { check } = readFlags(
  `npm run docs               writes the README lists, docs/errors.md, docs/rules, schemas/ and the root action.yml
npm run docs -- --check    says which of them are stale, and writes nothing`,
  ['check'],
);
let stale = 0;
for (const [path, derived] of await derivedFiles()) {
  const file = join(root, path);
  const text = format(path, derived);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    stale += 1;
    console.error(`${path} is stale`);
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${path}`);
}
if (stale > 0) {
  console.error('Run `npm run docs` and commit what it changes.');
  process.exitCode = 1;
}
