/**
 * policy-check beside kubeconform (schemas only), conftest (Rego) and the Kyverno CLI (the same ValidatingAdmissionPolicies):
 * 10,000 Deployments in one file and in as many files, 100,000, and a small pull request. README.md says how to run it;
 * bench/results/policy.md keeps what it printed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { toolPath } from '@slipway/testbed';
import { entryOf } from '@slipway/testbed/runner';
import { writeDeployments } from './policy/deployments.ts';
import { writeDeploymentSchema } from './policy/json-schema.ts';
import { writeRules } from './policy/rules.ts';
import { stepEnvironment } from './step-environment.ts';
import { type Measurement, median, runProgram } from './stopwatch.ts';

const VERSION = '1.34';
const LARGE_ROUNDS = 3;
const SMALL_ROUNDS = 15;
const BUNDLE = resolve(process.env['BENCH_BUNDLE'] ?? entryOf('actions/policy-check'));

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-policy-'));

interface Contender {
  readonly name: string;
  run(manifests: string): Promise<Measurement>;
}

const rules = writeRules(join(directory, 'rules'));
const schemas = writeDeploymentSchema(join(directory, 'schemas'), VERSION);

function slipway(name: string, inputs: Readonly<Record<string, string>>): Contender {
  const runner = join(directory, 'runner');
  return {
    name: `policy-check, ${name}`,
    run(manifests) {
      return runProgram(process.execPath, [BUNDLE], {
        ...stepEnvironment(directory, runner),
        INPUT_MANIFESTS: manifests,
        INPUT_APPLICATION: 'slipway.yaml',
        INPUT_NAMESPACE: 'default',
        'INPUT_FAIL-ON': 'error',
        'INPUT_KUBERNETES-VERSION': VERSION,
        INPUT_BASELINE: 'none',
        INPUT_PACKS: 'none',
        ...inputs,
      });
    },
  };
}

const schemaOnly = slipway('schema', {});
const threeRules = slipway('schema and three rules', { INPUT_POLICIES: rules.policies });
const everything = slipway('schema, three rules and pod-security/restricted', {
  INPUT_POLICIES: rules.policies,
  INPUT_PACKS: 'pod-security/restricted',
});

const advice = slipway('schema and the packs that only warn', { INPUT_PACKS: '' });

const kubeconform: Contender = {
  name: 'kubeconform, schema',
  run: async manifests =>
    runProgram(await toolPath('kubeconform'), ['-strict', '-schema-location', schemas, manifests]),
};
const conftest: Contender = {
  name: 'conftest, three rules',
  run: async manifests =>
    runProgram(await toolPath('conftest'), ['test', '--policy', rules.rego, '--output', 'json', manifests]),
};
const kyverno: Contender = {
  name: 'Kyverno CLI, three rules',
  run: async manifests =>
    runProgram(await toolPath('kubectl-kyverno'), ['apply', rules.policies, '--resource', manifests]),
};

async function compare(
  title: string,
  manifests: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<void> {
  console.log(`\n| ${title} | s, median of ${rounds} | MB, most |\n| --- | --- | --- |`);
  const measured = new Map<string, Measurement[]>(contenders.map(({ name }) => [name, []]));
  // Turn by turn, so that whatever else the machine does meets all of them.
  for (let round = 0; round < rounds; round++)
    for (const { name, run } of contenders) measured.get(name)?.push(await run(manifests));
  for (const [name, results] of measured) {
    const seconds = median(results.map(({ milliseconds }) => milliseconds)) / 1000;
    const megabytes = Math.max(...results.map(result => result.megabytes));
    console.log(`| ${name} | ${seconds.toFixed(2)} | ${megabytes.toFixed(0)} |`);
  }
}

const KUBECONFORM_ONLY = '--kubeconform-only';
const chosen = process.argv.slice(2).filter(argument => argument !== KUBECONFORM_ONLY);
/** Those that take minutes to build, and minutes to run. */
const slow = process.argv.includes(KUBECONFORM_ONLY) ? [] : [conftest, kyverno];
const isChosen = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
try {
  console.log(
    `Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}`,
  );
  const large = [kubeconform, schemaOnly, threeRules, everything, advice];
  if (isChosen('one')) {
    const one = writeDeployments(join(directory, 'one'), 10_000, 1);
    await compare('10,000 Deployments in one file', one, large, LARGE_ROUNDS);
    if (slow.length > 0) await compare('the same, peers with rules', one, slow, 1);
  }
  if (isChosen('many')) {
    const many = writeDeployments(join(directory, 'many'), 10_000, 10_000);
    await compare('10,000 Deployments in 10,000 files', many, large, LARGE_ROUNDS);
    if (slow.length > 0) await compare('the same, peers with rules', many, slow, 1);
  }
  if (isChosen('hundred')) {
    const hundred = writeDeployments(join(directory, 'hundred'), 100_000, 100);
    await compare('100,000 Deployments in 100 files', hundred, [kubeconform, everything], 1);
  }
  if (isChosen('small')) {
    const small = writeDeployments(join(directory, 'small'), 20, 20);
    await compare(
      '20 Deployments in 20 files',
      small,
      [kubeconform, ...slow.slice(0, 1), ...large.slice(1)],
      SMALL_ROUNDS,
    );
  }
  console.log(`\nload at the end ${loadavg()[0]?.toFixed(1)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
