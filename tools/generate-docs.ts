/**
 * Writes what is derived from other files: the lists in each action's README and in docs/cli.md, the root action.yml, docs/errors.md,
 * docs/rules, the policies of the packs as JSON, schemas/, examples/roles/deployer.yaml and the references of each tsconfig.json.
 * `npm run docs` writes, `npm run docs -- --check` says what is stale.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as core from '@slipway/core';
import { describeRules, PACK_FILES, pageName } from '@slipway/policy';
import { readActionFile } from '@slipway/testbed/runner';
import { parseDocument, parseDocuments } from '@slipway/yaml';
import { STEP_ACTIONS, STEP_NAMES } from '../actions/pipeline/src/steps.ts';
import { COMMANDS } from '../packages/cli/src/commands/commands.ts';
import { readFlags } from './arguments.ts';
import { deployerRoleFile, spawnedRoleFile, stepsRoleFile } from './docs/deployer-role.ts';
import { errorsPage, type PackageErrors } from './docs/errors-page.ts';
import { flagLines } from './docs/program-flags.ts';
import { between, withLists } from './docs/readme.ts';
import { actionText, mergeActions } from './docs/root-action.ts';
import { type RuleExample, ruleIndex, rulePage } from './docs/rule-pages.ts';

const root = resolve(import.meta.dirname, '..');

/** Path and text of every file that this tool writes. */
async function* derivedFiles(): AsyncGenerator<[path: string, text: string]> {
  // First, because the pages of rules are derived from it.
  yield packPolicies();
  const files = new Map<string, string>();
  const actions = foldersIn('actions')
    .filter(folder => existsSync(join(root, folder, 'action.yml')))
    .map(folder => ({ folder, file: readActionFile(join(root, folder, 'action.yml')) }));
  const steps = STEP_NAMES.flatMap(step =>
    actions
      .filter(({ folder }) => folder === `actions/${STEP_ACTIONS[step]}`)
      .map(({ file }) => ({ step, file })),
  );
  const pipeline = mergeActions(steps);
  files.set('action.yml', actionText(pipeline));
  for (const { folder, file } of [...actions, { folder: 'actions/pipeline', file: pipeline }]) {
    const readme = `${folder}/README.md`;
    files.set(readme, withLists(readFileSync(join(root, readme), 'utf8'), file));
  }
  files.set(
    'docs/cli.md',
    between(readFileSync(join(root, 'docs/cli.md'), 'utf8'), 'flags', flagLines(COMMANDS)),
  );
  files.set('docs/errors.md', errorsPage(await readErrors()));
  files.set('examples/roles/deployer.yaml', deployerRoleFile());
  files.set('examples/roles/spawned.yaml', spawnedRoleFile());
  files.set('examples/roles/steps.yaml', stepsRoleFile());
  for (const [path, text] of rulePages()) files.set(path, text);
  for (const schema of schemas())
    files.set(`schemas/${schema.$id.replace(/^.*\//, '')}`, `${JSON.stringify(schema, null, 2)}\n`);
  for (const [path, text] of references()) files.set(path, text);
  yield* files;
}

function foldersIn(folder: string): string[] {
  return readdirSync(join(root, folder)).map(name => `${folder}/${name}`);
}

/** Each tsconfig.json with references to the packages that its package.json depends on; the root one refers to all. */
function references(): [path: string, text: string][] {
  const folders = ['packages', 'actions'].flatMap(foldersIn);
  const folderOf = new Map(folders.map(folder => [String(json(`${folder}/package.json`)['name']), folder]));
  return [
    withReferences('tsconfig.json', folders),
    ...folders.map(folder => {
      const dependencies = Object.keys(json(`${folder}/package.json`)['dependencies'] ?? {});
      const needed = dependencies.flatMap(name => folderOf.get(name) ?? []);
      return withReferences(
        `${folder}/tsconfig.json`,
        needed.map(other => relative(join(root, folder), join(root, other))),
      );
    }),
  ];
}

function withReferences(path: string, folders: readonly string[]): [path: string, text: string] {
  const { references: _former, ...config } = json(path);
  const found = folders.toSorted().map(folder => ({ path: folder }));
  return [path, JSON.stringify({ ...config, ...(found.length === 0 ? {} : { references: found }) }, null, 2)];
}

function json(path: string): Readonly<Record<string, object>> {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function packPolicies(): [path: string, text: string] {
  const folder = 'packages/policy/packs';
  const read = PACK_FILES.map(name => {
    const path = `${folder}/${name}.yaml`;
    const documents = parseDocuments(readFileSync(join(root, path), 'utf8'), path);
    return [name, documents.map(({ value }) => value).filter(value => value !== null)];
  });
  return [`${folder}/policies.json`, JSON.stringify(Object.fromEntries(read), null, 2)];
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
  const owners = ['packages', 'actions'].flatMap(foldersIn);
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
  `npm run docs               writes the README lists, the flags in docs/cli.md, docs/errors.md, docs/rules, schemas/, the root action.yml, the
                           policies of the packs as JSON and the references of tsconfig.json
npm run docs -- --check    says which of them are stale, and writes nothing`,
  ['check'],
);
let stale = 0;
for await (const [path, derived] of derivedFiles()) {
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
