import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useTestbed } from '@slipway/testbed/jest';
import { filesOf, git, repository, write } from '@slipway/testkit/git';
import { Ajv } from 'ajv';
import { COMMANDS } from '../packages/cli/src/commands/commands.ts';
import { checkoutFor, type Ended, HOST, type SetupWorld, startSetupWorld } from './support/setup-world.ts';
import { ROOT } from './support/sources.ts';

const SHOP = filesOf(join(ROOT, 'examples/shop'), '');
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: debug}\n';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'docker.io/library/nginx:1.29'}]}
`;

const testbed = useTestbed({ parts: ['cluster'] });
let world: SetupWorld;
beforeAll(async () => {
  world = await startSetupWorld(testbed.cluster.kubectl, testbed.cluster.kubeconfig);
});
afterAll(async () => {
  expect(world.github.problems).toEqual([]);
  await world.stop();
});

function shop(changes: Readonly<Record<string, string>> = {}): string {
  const folder = repository(SHOP);
  git(folder, 'remote', 'add', 'origin', `git@${HOST}:acme/shop.git`);
  write(folder, changes);
  return folder;
}

const bare = (): string => repository({ 'k8s/settings.yaml': MANIFEST });
const running = (): string => repository({ 'k8s/web.yaml': DEPLOYMENT });
const one = (): string => checkoutFor('as-json');
const privileged = (): string =>
  shop({
    'stencils/api.yaml': String(SHOP['stencils/api.yaml']).replace(
      'allowPrivilegeEscalation: false',
      'privileged: true',
    ),
  });

interface Row {
  readonly line: string;
  readonly folder: () => string;
  /** The published schema of the answer. */
  readonly schema: string;
  readonly exitCode: 0 | 1;
}

const ANSWERS: Readonly<Record<string, Row>> = {
  'init that writes': {
    line: 'init --yes --json',
    folder: running,
    schema: 'proposal',
    exitCode: 0,
  },
  'init with questions and no one to ask': {
    line: 'init --json',
    folder: running,
    schema: 'proposal',
    exitCode: 1,
  },
  'workflows that are current': { line: 'workflows --json', folder: shop, schema: 'workflows', exitCode: 0 },
  'workflows that are missing': {
    line: 'workflows --check --json',
    folder: one,
    schema: 'workflows',
    exitCode: 1,
  },
  'a workflow of someone else': {
    line: 'workflows --json',
    folder: () => shop({ '.github/workflows/release.yml': 'on: push\n' }),
    schema: 'workflows',
    exitCode: 1,
  },
  'setup as commands': { line: 'setup staging --json', folder: one, schema: 'setup', exitCode: 0 },
  'setup that is refused half-way': {
    line: 'setup staging --apply --yes --reviewers @no-one --json',
    folder: one,
    schema: 'setup',
    exitCode: 1,
  },
  'doctor before anything is set up': {
    line: 'doctor --json',
    folder: one,
    schema: 'diagnosis',
    exitCode: 1,
  },
  render: { line: 'render --json', folder: shop, schema: 'rendering', exitCode: 0 },
  'check without a finding': { line: 'check --json', folder: shop, schema: 'report', exitCode: 0 },
  'check with one': { line: 'check --json', folder: privileged, schema: 'report', exitCode: 1 },
  explain: { line: 'explain config/shop.yaml:9 --json', folder: shop, schema: 'explanation', exitCode: 0 },
  'diff of no change': { line: 'diff --json', folder: shop, schema: 'difference', exitCode: 0 },
  'diff of a change': { line: 'diff --json', folder: privileged, schema: 'difference', exitCode: 0 },
  'a plan': {
    line: 'plan k8s --application shop --namespace default --json',
    folder: bare,
    schema: 'plan',
    exitCode: 0,
  },
  'a plan that is not known': {
    line: 'plan k8s --application shop --namespace does-not-exist --json',
    folder: bare,
    schema: 'plan',
    exitCode: 1,
  },
  'releases that are not known': {
    line: 'releases --json --formation production',
    folder: shop,
    schema: 'releases',
    exitCode: 1,
  },
};

async function run(line: string, folder: string): Promise<Ended> {
  return await world.slipway(folder, line.split(' '));
}

const published = (name: string): object =>
  JSON.parse(readFileSync(join(ROOT, `schemas/${name}.json`), 'utf8')) as object;

describe('--json', () => {
  it('is a flag of every command, and each is tried here', () => {
    const tried = new Set(Object.values(ANSWERS).map(({ line }) => line.split(' ')[0]));
    expect(COMMANDS.filter(({ flags }) => !('json' in flags))).toEqual([]);
    expect([...tried].sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(ANSWERS))('is a document of its published schema: %s', async (_name, row) => {
    const { exitCode, printed, complaints } = await run(row.line, row.folder());
    expect([exitCode, exitCode === row.exitCode ? '' : complaints]).toEqual([row.exitCode, '']);
    const ajv = new Ajv({ strict: false });
    expect(ajv.validate(published(row.schema), JSON.parse(printed)) || ajv.errorsText()).toBe(true);
  });

  it.each(COMMANDS.map(({ name }) => name))(
    'is left out where there is no answer, of which standard error has one line: %s',
    async name => {
      const lines = [
        `${name} --jsno --json`,
        ...(ANSWERS_ANYWAY.includes(name) ? [] : [`${operandOf(name)} --json`]),
      ];
      for (const line of lines) {
        const { exitCode, printed, complaints } = await run(line, repository({ 'slipway.yaml': 'a: [\n' }));
        expect([line, exitCode, printed]).toEqual([line, 2, '']);
        expect(complaints).toMatch(/^(?:error: .* \([a-z-]+\)\n)+$/);
      }
    },
  );
});

/** What is wrong with slipway.yaml is an answer of doctor, and init does not read one. */
const ANSWERS_ANYWAY = ['init', 'doctor'];

/** A command with what it cannot do without. */
function operandOf(name: string): string {
  return name === 'explain' ? 'explain a.yaml:1' : name === 'setup' ? 'setup staging' : name;
}
