import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readActionFile } from '@slipway/testbed/runner';
import { workflowFiles } from '@slipway/workflows';
import { ROOT } from './support/sources.ts';
import {
  byPath,
  CASES,
  documentedWorkflows,
  FORMS,
  generatedWorkflows,
  SHOP,
  shippedWorkflows,
} from './support/workflows/all.ts';
import { broken, RULES, RUN_RULES, type Rule, SERVER_RULES } from './support/workflows/rules.ts';
import { jobsOf, parseWorkflow, stepsOf } from './support/workflows/workflow.ts';

const MAX_LINES = 61;
/** A job that decides about a release in steps, takes it back, or holds up later waves checks out and logs in by itself, as all jobs do. */
const MAX_LINES_TO_DECIDE = 26;
/** It does what the others must not, to find out what becomes of it. */
const ASKS_ABOUT_GROUPS = 'probe/approval-in-group.yml';

describe('the workflows of this repository, its examples and its pages', () => {
  it('are found', () => {
    expect([...shippedWorkflows().keys()]).toContain('.github/workflows/pipeline.yml');
    expect(documentedWorkflows().size).toBeGreaterThan(3);
  });

  it('break no rule', () => {
    const others = [...shippedWorkflows().values()].filter(({ path }) => path !== ASKS_ABOUT_GROUPS);
    expect(broken(byPath(others), { ...RULES, ...RUN_RULES })).toEqual([]);
    expect(broken(documentedWorkflows(), RULES)).toEqual([]);
  });

  it('take all that deploy logs in to stores with, where others call them', () => {
    const given = Object.keys(readActionFile(join(ROOT, 'actions/deploy/action.yml')).inputs).filter(
      name => /^(?:vault|aws|gcp|azure)-/.test(name) && !name.endsWith('-endpoint'),
    );
    expect(given).toContain('aws-role');
    for (const path of ['.github/workflows/pipeline.yml', '.github/workflows/promote.yml']) {
      const workflow = shippedWorkflows().get(path);
      const taken = jobsOf(workflow as never).flatMap(([, job]) => [
        job.with,
        ...(job.steps ?? []).map(step => step.with),
      ]);
      for (const name of given) {
        expect(workflow?.on['workflow_call']?.inputs).toHaveProperty(name);
        expect(taken.map(inputs => inputs?.[name])).toContain(`\${{ inputs.${name} }}`);
      }
    }
  });

  it('say in their first lines what they cannot do, where others call them', () => {
    for (const path of ['.github/workflows/pipeline.yml', '.github/workflows/promote.yml']) {
      const text = shippedWorkflows().get(path)?.text ?? '';
      const [head = ''] = text.split(/^name:/m);
      for (const word of ['environment', 'runner', 'login']) expect(head).toContain(word);
    }
  });

  it('are those of the command, for the shop', () => {
    const written = workflowFiles(SHOP);
    for (const { path, text } of written)
      expect(readFileSync(join(ROOT, 'examples/shop', path), 'utf8')).toBe(text);
    const there = globSync('.github/workflows/*', { cwd: join(ROOT, 'examples/shop') });
    expect(there.sort()).toEqual(written.map(({ path }) => path).sort());
  });

  it('nowhere put secrets into GITHUB_ENV', () => {
    const texts = globSync(['**/*.{md,yml}'], { cwd: ROOT, exclude: path => path.includes('node_modules') });
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter(path => readFileSync(join(ROOT, path), 'utf8').includes('printenv SECRETS'))).toEqual(
      [],
    );
  });
});

describe('the workflows that the command writes', () => {
  it.each(CASES)('break no rule: %s, %s', (name, form) => {
    const workflows = generatedWorkflows(name, form);
    expect(broken(workflows, { ...RULES, ...RUN_RULES })).toEqual([]);
    if (FORMS[form]?.target === 'ghes') expect(broken(workflows, SERVER_RULES)).toEqual([]);
  });

  it.each(CASES)('are short, and say first what they are for and what they need: %s, %s', (name, form) => {
    for (const { path, text } of generatedWorkflows(name, form).values()) {
      const lines = text.trimEnd().split('\n');
      const most = MAX_LINES + MAX_LINES_TO_DECIDE * jobsToDecide(text);
      expect([path, lines.length <= most]).toEqual([path, true]);
      expect(lines[0]).toMatch(/^# [A-Z].*\.$/);
      expect(lines[1]).toMatch(/^# Needs: .*\.$/);
    }
  });

  it('have a job for each decision, and one that takes the release back, where they wait for decisions', () => {
    const jobs = (name: string, file: string): number =>
      jobsToDecide(generatedWorkflows(name, 'own').get(`.github/workflows/${file}`)?.text ?? '');
    expect([jobs('lock', 'release.yml'), jobs('lock', 'promote.yml'), jobs('canal', 'steps.yml')]).toEqual([
      2, 3, 4,
    ]);
    expect(jobs('weir', 'release.yml')).toBe(0);
  });

  it.each(CASES)('use only inputs that the actions have: %s, %s', (name, form) => {
    for (const workflow of generatedWorkflows(name, form).values()) {
      const used = stepsOf(workflow).filter(({ uses = '' }) => uses.startsWith('slipway-dev/slipway'));
      for (const { uses = '', with: inputs = {} } of used) {
        const folder = uses.replace(/@.*$/, '').replace('slipway-dev/slipway', '.');
        const known = Object.keys(readActionFile(join(ROOT, folder, 'action.yml')).inputs);
        expect([uses, Object.keys(inputs).filter(input => !known.includes(input))]).toEqual([uses, []]);
      }
    }
  });

  it('use only inputs that the actions have, where others call them', () => {
    const used = [...shippedWorkflows().values()]
      .flatMap(stepsOf)
      .filter(({ uses = '' }) => uses.startsWith('$/'));
    expect(used.length).toBeGreaterThan(4);
    for (const { uses = '', with: inputs = {} } of used) {
      const known = Object.keys(readActionFile(join(ROOT, uses.replace('$/', ''), 'action.yml')).inputs);
      expect([uses, Object.keys(inputs).filter(input => !known.includes(input))]).toEqual([uses, []]);
    }
  });

  it.each(CASES)('give secrets to steps that deploy or log in, and to no other: %s, %s', (name, form) => {
    for (const workflow of generatedWorkflows(name, form).values()) {
      const others = stepsOf(workflow).filter(
        ({ with: { steps = '', mode = '' } = {}, run = '' }) =>
          !steps.includes('deploy') && mode === '' && !run.includes('docker login'),
      );
      const given = others.map(({ env = {} }) => env).filter(env => Object.keys(env).length > 0);
      expect([workflow.path, given]).toEqual([workflow.path, []]);
    }
  });
});

function jobsToDecide(text: string): number {
  return text.match(/^ {2}(?:decide(?:-\d+)?|undo|committed):$/gm)?.length ?? 0;
}

/** For each rule a workflow that keeps it, and a change that breaks it. */
const MUTATIONS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'a called job may do at most what its caller may': [
    'wave.yml\n    permissions: { contents: read, pull-requests: read, packages: write }',
    'wave.yml\n    permissions: { contents: read, pull-requests: read, packages: read }',
  ],
  'no secret of an environment is passed on by name, as the caller does not have it': [
    'secrets: inherit',
    'secrets: { kubeconfig: "${{ secrets.KUBECONFIG }}" }',
  ],
  'no secret is required for a job with an environment, which may have it': [
    'workflow_call:\n',
    'workflow_call:\n    secrets: { kubeconfig: { required: true } }\n',
  ],
  'a matrix has at most 256 jobs': [
    'matrix: { include: "${{ fromJSON(inputs.jobs) }}" }',
    `matrix: { a: [${Array.from({ length: 20 }, (_, at) => at).join()}], b: [${Array.from({ length: 20 }, (_, at) => at).join()}] }`,
  ],
  'a person gives at most 25 inputs': [
    '    inputs:\n',
    `    inputs:\n${Array.from({ length: 26 }, (_, at) => `      more-${at}: { type: string }\n`).join('')}`,
  ],
  'no concurrency group of a workflow is around an approval': [
    'permissions: {}',
    'permissions: {}\nconcurrency: { group: x }',
  ],
  'no job that only a person starts has a concurrency group around an approval': [
    '    environment: >-',
    '    concurrency: { group: x }\n    environment: >-',
  ],
  'a check that may be required runs whatever a pull request changes': [
    'pull_request: { ',
    'pull_request: { paths: [src], ',
  ],
  'no script contains an expression': ['docker login "$REGISTRY"', 'docker login "${{ inputs.registry }}"'],
  'no secret reaches GITHUB_ENV, from which later steps print it': [
    '      # slipway:login end',
    '      - { run: printenv X >> $GITHUB_ENV, env: { X: "${{ secrets.X }}" } }',
  ],
  'no job and no workflow gives a secret to all of its steps': [
    'env: { REGISTRY: ghcr.io }',
    'env: { X: "${{ secrets.X }}" }',
  ],
  'every job says what it may do, or its workflow does, or whoever calls that': ['permissions: {}\n', ''],
  'there are no YAML anchors': ['    steps:\n', '    steps: &steps\n'],
  'nothing refers to its own repository by $/': ['uses: ./.github', 'uses: $/.github'],
  'no group has a queue': ['-main" }', '-main", queue: max }'],
  'no environment does without a deployment': [
    'environment: staging',
    'environment: { name: staging, deployment: false }',
  ],
  'what a step takes from an earlier job is refused if GitHub dropped it, and not left out': [
    " || 'dropped-by-github'",
    '',
  ],
  'a workflow that is called calls only workflows that call none': [
    'jobs:\n  wave:\n',
    'jobs:\n  deeper: { uses: ./.github/workflows/promote.yml }\n  wave:\n',
  ],
};

describe('each rule', () => {
  const rules = { ...RULES, ...RUN_RULES, ...SERVER_RULES };

  it('has a workflow that breaks it', () => {
    expect(Object.keys(MUTATIONS).sort()).toEqual(Object.keys(rules).sort());
  });

  it.each(Object.keys(MUTATIONS))('finds what breaks it: %s', says => {
    const [before, after] = MUTATIONS[says] ?? ['', ''];
    const kept = [...generatedWorkflows('shop', 'own, on Enterprise Server').values()];
    const mutated = kept.map(({ path, text }) =>
      parseWorkflow(
        path,
        withoutJobPermissions(
          says,
          text.replace(before, () => after),
        ),
      ),
    );
    expect(mutated.map(({ text }) => text)).not.toEqual(kept.map(({ text }) => text));
    expect(broken(byPath(mutated), { [says]: rules[says] as Rule })).not.toEqual([]);
  });

  /** One rule is only broken by a file in which neither says anything. */
  function withoutJobPermissions(says: string, text: string): string {
    return says.startsWith('every job') ? text.replaceAll(/^ {4}permissions: .*\n/gm, '') : text;
  }

  it('looks at every job', () => {
    const jobs = [...shippedWorkflows().values()].flatMap(jobsOf);
    expect(jobs.length).toBeGreaterThan(20);
  });
});
