import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { API_VERSION, makeReport, type Snapshot, type Verdict } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import { createNarrator } from '../demo/narrator.ts';
import type { StepName } from '../demo/workflows.ts';

const directory = mkdtempSync(join(tmpdir(), 'slipway-narrator-'));
let told = '';
const narrator = createNarrator(text => {
  told += text;
});

beforeEach(() => {
  told = '';
});

function fileOf(value: unknown): string {
  const path = join(directory, 'file.json');
  writeFileSync(path, JSON.stringify(value));
  return path;
}

function tell(
  step: StepName,
  where: string,
  outputs: Record<string, string>,
  given: Partial<StepResult> = {},
): string {
  const result = {
    exitCode: 0,
    outputs,
    state: {},
    summary: '',
    log: '',
    raw: '',
    annotations: [],
    milliseconds: 1234,
  };
  narrator.begins(step, where);
  narrator.ends(step, where, { ...result, ...given });
  return told;
}

describe('the narrator of the demo', () => {
  it('shows what was built under which tag', () => {
    const image = { name: 'registry/shop/api', digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } as const;
    const snapshot: Snapshot = {
      apiVersion: API_VERSION,
      kind: 'Snapshot',
      application: 'shop',
      deploymentTag: 'v7',
      created: '2026-11-21T00:00:00Z',
      registry: 'registry/shop',
      images: { api: image },
    };
    const lines = tell('build-retag', '', { snapshot: fileOf(snapshot) });
    expect(lines).toMatch(/build-retag +1\.2 s\n +deployment tag v7\n +api +built +sha256:a{12}…\n$/);
  });

  it('counts what was checked', () => {
    expect(tell('policy-check', 'staging', { report: fileOf(makeReport([], 12)) })).toContain(
      'passed, 12 objects, 0 errors, 0 warnings',
    );
  });

  it('shows why a release failed, and what it was rolled back to', () => {
    const verdict: Verdict = {
      apiVersion: API_VERSION,
      kind: 'Verdict',
      verdict: 'rolled-back',
      application: 'shop',
      formation: 'staging',
      namespace: 'shop',
      started: '2026-11-21T00:00:00Z',
      finished: '2026-11-21T00:00:09Z',
      summary: 'Deployment api is crash-looping. Rolled back to release 1, as release 3',
      objects: [
        {
          object: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
          status: 'failed',
          message: 'crashes',
          evidence: [{ title: 'container api, exit code 3', lines: ['no price list'] }],
        },
      ],
      rolledBackTo: { release: 1, as: 3, deploymentTag: 'v7' },
    };
    const lines = tell('verify-rollout', 'staging/main', { report: fileOf(verdict) }, { exitCode: 1 });
    for (const part of ['is crash-looping', 'exit code 3', 'no price list', 'Rolled back to release 1'])
      expect(lines).toContain(part);
  });

  it('shows which shares of the connections a release in steps had', () => {
    const verdict: Verdict = {
      ...{ apiVersion: API_VERSION, kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
      ...{ formation: 'production', namespace: 'shop', objects: [] },
      ...{ started: '2026-11-21T00:00:00Z', finished: '2026-11-21T00:00:09Z' },
      summary: 'release 3 is committed: all users have it',
    };
    const log = 'Step 1 is reached\n▁▂ 25 % of the new connections\n✓ step 1, 25 %: passed';
    const lines = tell('verify-rollout', 'production/eu', { report: fileOf(verdict) }, { log });
    expect(lines).toMatch(/\n +▁▂ 25 % of the new connections\n +release 3 is committed/);
    expect(lines).not.toContain('is reached');
  });

  it('says no more than that of a step that failed without a verdict', () => {
    const lines = tell('deploy', 'staging/main', {}, { exitCode: 1, log: 'Applying\nerror: no answer' });
    expect(lines).toMatch(/^ {2}deploy +staging\/main +1\.2 s\n +failed\n$/);
  });
});
