import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { inputsOf } from '@slipway/github/testing';
import { readActionFile } from '../../../testbed/src/runner/index.ts';
import { readInputs } from '../src/inputs.ts';

describe('the inputs of deploy', () => {
  it('have defaults for all but the manifests', () => {
    expect(inputsOf(readInputs, { manifests: 'out' })).toEqual({
      manifests: ['out'],
      digest: '',
      application: '',
      formation: '',
      destination: '',
      namespace: '',
      kubeconfig: '',
      context: '',
      mode: 'apply',
      to: '',
      against: '',
      confirm: '',
      secrets: [],
      policies: [],
      packs: [],
      prune: 'after-success',
      adopt: false,
      forceConflicts: false,
      allowOlder: false,
      reason: '',
      timeout: 600_000,
      lockTimeout: 600_000,
      registry: '',
      plainHttpRegistries: [],
    });
  });

  it('are read as a workflow gives them', () => {
    const given = {
      manifests: 'a.yaml\nb/*.yaml',
      digest: `sha256:${'0'.repeat(64)}`,
      application: 'apps/shop/slipway.yaml',
      formation: 'production',
      destination: 'eu',
      namespace: 'shop',
      kubeconfig: '/tmp/kubeconfig',
      context: 'prod-eu',
      mode: 'plan',
      to: '41',
      against: 'v42',
      confirm: 'shop/production',
      secrets: 'env=ONE\nenv=TWO',
      policies: 'policies',
      packs: 'workloads, references',
      prune: 'off',
      adopt: 'true',
      'force-conflicts': 'true',
      'allow-older': 'true',
      reason: 'hotfix',
      timeout: '90s',
      'lock-timeout': '1m',
      registry: 'ghcr.io/acme/shop',
      'plain-http-registries': 'registry:5000',
    };
    expect(Object.keys(given).sort()).toEqual(
      Object.keys(readActionFile(resolve(import.meta.dirname, '../action.yml')).inputs).sort(),
    );
    expect(inputsOf(readInputs, given)).toEqual({
      manifests: ['a.yaml', 'b/*.yaml'],
      digest: `sha256:${'0'.repeat(64)}`,
      application: 'apps/shop/slipway.yaml',
      formation: 'production',
      destination: 'eu',
      namespace: 'shop',
      kubeconfig: '/tmp/kubeconfig',
      context: 'prod-eu',
      mode: 'plan',
      to: '41',
      against: 'v42',
      confirm: 'shop/production',
      secrets: [
        { store: 'env', name: 'ONE' },
        { store: 'env', name: 'TWO' },
      ],
      policies: ['policies'],
      packs: ['workloads', 'references'],
      prune: 'off',
      adopt: true,
      forceConflicts: true,
      allowOlder: true,
      reason: 'hotfix',
      timeout: 90_000,
      lockTimeout: 60_000,
      registry: 'ghcr.io/acme/shop',
      plainHttpRegistries: ['registry:5000'],
    });
  });

  it('are refused all at once, without repeating what may be a secret', () => {
    const problems = problemsOf({
      manifests: '',
      digest: 'abc',
      formation: 'eu, us',
      namespace: 'No Namespace',
      mode: 'destory',
      secrets: 'hunter2',
      timeout: 'soon',
    });
    expect(problems.map(({ message }) => message.split(' ')[1])).toEqual([
      '"mode"',
      '"manifests"',
      '"digest"',
      '"formation"',
      '"namespace"',
      '"secrets"',
      '"timeout"',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

function problemsOf(given: Readonly<Record<string, string>>): SlipwayError['problems'] {
  try {
    inputsOf(readInputs, given);
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
  return [];
}
