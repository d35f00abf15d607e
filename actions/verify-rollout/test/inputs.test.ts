import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { inputsOf } from '@slipway/github/testing';
import { readActionFile } from '@slipway/testbed/runner';
import { type Inputs, readInputs } from '../src/inputs.ts';

/** For each input of action.yml a value, and what of the inputs it sets. */
const INPUTS: Readonly<Record<string, readonly [string, Partial<Inputs>]>> = {
  release: ['7', { subject: { kind: 'release', number: 7 } }],
  manifests: ['a.yaml, b/*.yaml', { subject: { kind: 'manifests', paths: ['a.yaml', 'b/*.yaml'] } }],
  selector: ['app=shop', { subject: { kind: 'selector', selector: 'app=shop' } }],
  'helm-release': ['shop', { subject: { kind: 'helm-release', name: 'shop' } }],
  application: ['apps/shop/slipway.yaml', { application: 'apps/shop/slipway.yaml' }],
  formation: ['production', { formation: 'production' }],
  spawn: ['pr-12', { spawn: 'pr-12' }],
  destination: ['eu', { destination: 'eu' }],
  namespace: ['shop', { namespace: 'shop' }],
  kubeconfig: ['in-cluster', { kubeconfig: 'in-cluster' }],
  context: ['prod-eu', { context: 'prod-eu' }],
  'stable-for': ['0s', { stableFor: 0 }],
  timeout: ['5m', { timeout: 300_000 }],
  deadline: ['1h', { deadline: 3_600_000 }],
  checks: ['checks.yaml', { checks: 'checks.yaml' }],
  'status-rules': ['[]', { statusRules: '[]' }],
  prometheus: ['https://prom', { prometheus: { address: 'https://prom', token: '' } }],
  'prometheus-token': ['t0ken', { prometheus: { address: 'https://prom', token: 't0ken' } }],
  'on-failure': ['rollback', { onFailure: 'rollback' }],
  decision: [
    'continue commit',
    { steps: expect.objectContaining({ decision: { what: 'continue', name: 'commit' } }) as never },
  ],
  'if-waiting-for': ['commit', { steps: expect.objectContaining({ ifWaitingFor: 'commit' }) as never }],
  'may-wait': ['true', { steps: expect.objectContaining({ mayWait: true }) as never }],
  reason: ['nightly', { reason: 'nightly' }],
  deployments: ['exact', { deployment: { deployments: 'exact', environmentUrl: '', token: '' } as never }],
  'environment-url': [
    'https://shop.acme.io',
    { deployment: expect.objectContaining({ environmentUrl: 'https://shop.acme.io' }) as never },
  ],
  token: ['ghs_1', { deployment: expect.objectContaining({ token: 'ghs_1' }) as never }],
  'lock-timeout': ['1m', { lockTimeout: 60_000 }],
  'record-key': [
    'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=',
    { recordKeys: expect.objectContaining({ acceptsUnsigned: false }) as never },
  ],
  'plain-http-registries': ['registry.local:5000', { plainHttpRegistries: ['registry.local:5000'] }],
};

const SUBJECTS = ['release', 'manifests', 'selector', 'helm-release'];

function problemsOf(given: Readonly<Record<string, string>>): readonly string[] {
  try {
    inputsOf(readInputs, given);
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

describe('the inputs', () => {
  it('are those of action.yml', () => {
    const file = readActionFile(join(import.meta.dirname, '../action.yml'));
    expect(Object.keys(INPUTS)).toEqual(Object.keys(file.inputs));
  });

  it.each(Object.entries(INPUTS))('take %s', (name, [text, expected]) => {
    const subject = SUBJECTS.includes(name) ? {} : { release: '1' };
    const address = name === 'prometheus-token' ? { prometheus: 'https://prom' } : {};
    expect(inputsOf(readInputs, { ...subject, ...address, [name]: text })).toMatchObject(expected);
  });

  it('leave to the record of the release what is not given', () => {
    expect(inputsOf(readInputs, { release: '1' })).toMatchObject({
      stableFor: undefined,
      timeout: undefined,
      onFailure: undefined,
      lockTimeout: 600_000,
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['nothing to verify', {}, 'input "release" is missing'],
    [
      'a release and a selector',
      { release: '1', selector: 'a=b' },
      'input "release" cannot be combined with "manifests", "selector" or "helm-release"',
    ],
    [
      'an address of Prometheus that cannot be asked',
      { release: '1', prometheus: 'ftp://metrics' },
      'input "prometheus" is not an address',
    ],
    ['what is not a decision', { release: '1', decision: 'proceed' }, 'input "decision" is not a decision'],
    ['a pause without a name', { release: '1', decision: 'continue' }, 'input "decision" is not a decision'],
    [
      'a reject of something',
      { release: '1', decision: 'reject commit' },
      'input "decision" is not a decision',
    ],
    [
      'a decision about what is not a release',
      { selector: 'app=shop', decision: 'reject' },
      'input "decision" needs the number of a release',
    ],
    ['a release that is not a number', { release: 'v1' }, 'input "release" is not the number of a release'],
    ['a wrong timeout', { release: '1', timeout: '10 minutes' }, 'input "timeout" is "10 minutes"'],
    ['a timeout of 0s', { release: '1', timeout: '0s' }, 'input "timeout" must be longer than 0s'],
    ['a deadline of 0s', { release: '1', deadline: '0s' }, 'input "deadline" must be longer than 0s'],
    [
      "a name that is not one of Helm's",
      { 'helm-release': 'Shop,x=y' },
      'input "helm-release" is not the name of a Helm release',
    ],
    [
      'a token without an address',
      { release: '1', 'prometheus-token': 'x' },
      'input "prometheus-token" needs "prometheus"',
    ],
    ['a wrong choice', { release: '1', 'on-failure': 'undo' }, 'input "on-failure" is "undo"'],
    [
      'a rollback without a release',
      { selector: 'a=b', 'on-failure': 'rollback' },
      'input "on-failure" is "rollback" without a release',
    ],
    [
      'a formation that leads out of its folder',
      { release: '1', formation: '../etc' },
      'input "formation" is not the name of a formation',
    ],
    [
      'what is not a namespace',
      { release: '1', namespace: '../x' },
      'input "namespace" is not the name of a namespace',
    ],
  ])('refuse %s', (_, given, message) => {
    expect(problemsOf(given)).toEqual([message]);
  });

  it('take the release that is open without its number', () => {
    expect(inputsOf(readInputs, { release: 'open' })).toMatchObject({ subject: { kind: 'open-release' } });
  });

  it('are documented with their defaults', () => {
    const text = readFileSync(join(import.meta.dirname, '../action.yml'), 'utf8');
    expect(text).toContain('default: 10m');
  });
});
