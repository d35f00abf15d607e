import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseReport } from '@slipway/core';
import {
  createJob,
  type Job,
  loadedFiles,
  recordingLoads,
  runStep,
  type StepResult,
} from '@slipway/testbed/runner';
import { scratch } from '@slipway/testkit/git';
import { type Changes, replacing, shopWith } from '@slipway/testkit/shop';

const ACTION = resolve(import.meta.dirname, '..');
const RENDER = resolve(import.meta.dirname, '../../render-stencil');

function jobIn(workspace: string): Job {
  return createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin' });
}

/** The example with changes, through both bundles as a runner runs them. */
async function checkShop(
  changes: Changes = {},
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const job = jobIn(shopWith(changes));
  const rendered = await runStep(job, { action: RENDER });
  expect([rendered.exitCode, rendered.log]).toEqual([0, expect.anything()]);
  return await runStep(job, {
    action: ACTION,
    inputs: { manifests: rendered.outputs['manifests'] ?? '', ...inputs },
  });
}

describe('the bundle', () => {
  it('passes the example, whose images are unresolved and whose secrets are sealed', async () => {
    const { exitCode, outputs, summary, annotations } = await checkShop();
    expect([exitCode, annotations]).toEqual([0, []]);
    expect(outputs).toMatchObject({ verdict: 'passed', errors: '0', warnings: '0', 'sign-off': '0' });
    expect(summary).toContain('Policy check: passed');
    for (const path of outputs['report']?.split('\n') ?? [])
      expect(parseReport(readFileSync(path, 'utf8'), path).verdict).toBe('passed');
  });

  it('fails with annotations on the stencil, a summary, a report, and exit code 1', async () => {
    const { exitCode, outputs, summary, annotations } = await checkShop(
      { 'stencils/api.yaml': replacing('runAsNonRoot: true', 'runAsNonRoot: false') },
      { formation: 'staging' },
    );
    expect([exitCode, outputs['verdict'], outputs['errors']]).toEqual([1, 'failed', '1']);
    expect(annotations.map(({ file, line, title }) => [file, line, title])).toContainEqual([
      'stencils/api.yaml',
      16,
      'Slipway: pod-security/restricted/run-as-non-root',
    ]);
    expect(summary).toContain('pod-security/restricted/run-as-non-root');
    const report = parseReport(readFileSync(outputs['report'] ?? '', 'utf8'), 'report.json');
    expect(report.findings.map(({ rule }) => rule)).toEqual(['pod-security/restricted/run-as-non-root']);
  });

  it('has the schemas and packs of every version beside it', async () => {
    const workspace = scratch();
    writeFileSync(join(workspace, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
    for (const version of ['1.33', '1.34', '1.35', '1.36', '1.37']) {
      const packs = 'workloads, references, pod-security/baseline, pod-security/restricted';
      const inputs = { manifests: 'a.yaml', packs, 'kubernetes-version': version };
      const { exitCode, log } = await runStep(jobIn(workspace), { action: ACTION, inputs });
      expect([version, exitCode, log]).toEqual([version, 0, expect.stringContaining('passed')]);
    }
  });

  it('loads neither the Kubernetes client nor the clients of clusters and registries', async () => {
    const job = jobIn(shopWith({}));
    const { outputs } = await runStep(job, { action: RENDER });
    const list = join(job.directory, 'loaded');
    const inputs = { manifests: outputs['manifests'] ?? '' };
    const { exitCode } = await runStep(job, { action: ACTION, inputs, environment: recordingLoads(list) });
    const loaded = loadedFiles(list);
    expect([exitCode, loaded]).toEqual([
      0,
      expect.arrayContaining(['action-policy-check.mjs', 'policy.mjs']),
    ]);
    for (const file of ['openid-client.mjs', 'cluster.mjs', 'registry.mjs', 'actions-github.mjs'])
      expect(loaded).not.toContain(file);
  });
});

describe('bad input is one sentence and exit code 1', () => {
  it.each([
    ['nothing to check', {}, 'input "manifests" is missing'],
    ['a path that does not exist', { manifests: 'nowhere.yaml' }, '"nowhere.yaml" matches no manifest'],
    ['an unknown pack', { manifests: 'a.yaml', packs: 'worklods' }, 'did you mean "workloads"?'],
    ['an invalid version', { manifests: 'a.yaml', 'kubernetes-version': 'newest' }, 'write it as 1.34'],
    ['a file that is not YAML', { manifests: 'broken.yaml' }, 'broken.yaml:1:'],
  ])('%s', async (_title, inputs, sentence) => {
    const workspace = scratch();
    writeFileSync(join(workspace, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
    writeFileSync(join(workspace, 'broken.yaml'), 'a: [');
    const { exitCode, annotations, log } = await runStep(jobIn(workspace), {
      action: ACTION,
      inputs: inputs as Record<string, string>,
    });
    expect(exitCode).toBe(1);
    expect(
      annotations.map(({ message, file, line }) => `${file ?? ''}:${line ?? ''}: ${message}`).join(),
    ).toContain(sentence.replace(/^broken.yaml:1:$/, 'broken.yaml:1:'));
    expect(log).not.toMatch(/^\s+at /m);
  });

  it('a policy that is written to run forever ends in a finding', async () => {
    const workspace = scratch();
    writeFileSync(join(workspace, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
    const ten = '[1,2,3,4,5,6,7,8,9,10]';
    const loops = 'abcdefghi'
      .split('')
      .reduceRight((inner, letter) => `${ten}.all(${letter}, ${inner})`, 'a + b > 0');
    writeFileSync(
      join(workspace, 'policy.yaml'),
      `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: forever }
spec:
  matchConstraints: { resourceRules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }] }
  validations: [{ expression: "${loops}" }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: forever }
spec: { policyName: forever, validationActions: [Deny] }
`,
    );
    const { exitCode, annotations } = await runStep(jobIn(workspace), {
      action: ACTION,
      inputs: { manifests: 'a.yaml', policies: 'policy.yaml' },
    });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toContain('operation cancelled: actual cost limit exceeded');
  });
});
