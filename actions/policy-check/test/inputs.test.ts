import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { inputsOf } from '@slipway/github/testing';
import { readActionFile } from '@slipway/testbed/runner';
import { readInputs } from '../src/run.ts';

const action = readActionFile(new URL('../action.yml', import.meta.url).pathname);
const manifests = 'rendered';

describe('the inputs of policy-check', () => {
  it('have the defaults that action.yml states', () => {
    const stated = Object.entries(action.inputs).flatMap(([name, { default: preset }]) =>
      // The runner evaluates expressions before an action sees them.
      preset === undefined || preset.includes('${{') ? [] : [[name, preset] as const],
    );
    const bare = inputsOf(readInputs, { manifests });
    expect(bare).toEqual(inputsOf(readInputs, { ...Object.fromEntries(stated), manifests }));
    expect(bare).toEqual({
      request: {
        manifests: ['rendered'],
        application: 'slipway.yaml',
        formations: [],
        destinations: [],
        policies: [],
        namespace: 'default',
        crds: [],
        waivers: [],
        baseline: { kind: 'base' },
        failOn: 'error',
      },
      spawn: '',
      comment: false,
      token: '',
    });
  });

  const values: Readonly<Record<string, readonly [given: string, read: object]>> = {
    manifests: ['a.yaml\nb/*.yaml, c', { request: { manifests: ['a.yaml', 'b/*.yaml', 'c'] } }],
    application: ['shop/slipway.yaml', { request: { application: 'shop/slipway.yaml' } }],
    formation: ['staging, production', { request: { formations: ['staging', 'production'] } }],
    destination: ['eu\n# not us\nap', { request: { destinations: ['eu', 'ap'] } }],
    policies: ['../platform', { request: { policies: ['../platform'] } }],
    packs: [
      'workloads: new, references',
      {
        request: {
          packs: [
            { pack: 'workloads', level: 'new' },
            { pack: 'references', level: 'error' },
          ],
        },
      },
    ],
    namespace: ['shop', { request: { namespace: 'shop' } }],
    'kubernetes-version': ['v1.34.2', { request: { kubernetesVersion: '1.34' } }],
    crds: ['vendor/crds', { request: { crds: ['vendor/crds'] } }],
    waivers: ['a.yaml\nb.yaml', { request: { waivers: ['a.yaml', 'b.yaml'] } }],
    sarif: ['slipway.sarif', { sarif: 'slipway.sarif' }],
    junit: ['slipway.xml', { junit: 'slipway.xml' }],
    baseline: ['v1.4.0', { request: { baseline: { kind: 'path-or-revision', name: 'v1.4.0' } } }],
    kubeconfig: [
      '/home/ada/.kube/config',
      { request: { baseline: { kubeconfig: '/home/ada/.kube/config' } } },
    ],
    context: ['prod-eu', { request: { baseline: { context: 'prod-eu' } } }],
    comment: ['true', { comment: true }],
    spawn: ['feature/A', { spawn: 'feature/A' }],
    token: ['ghs_1', { token: 'ghs_1' }],
    'fail-on': ['warning', { request: { failOn: 'warning' } }],
  };

  it('are all read', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(action.inputs).sort());
    for (const [name, [given, read]] of Object.entries(values))
      expect(inputsOf(readInputs, { manifests, baseline: 'cluster', [name]: given })).toMatchObject(read);
  });

  it.each([
    ['', { kind: 'base' }],
    ['none', { kind: 'none' }],
    ['cluster', { kind: 'cluster', kubeconfig: '', context: '' }],
    ['rendered/base', { kind: 'path-or-revision', name: 'rendered/base' }],
  ])('take "%s" as a baseline', (baseline, read) => {
    expect(inputsOf(readInputs, { manifests, baseline }).request.baseline).toEqual(read);
  });

  it('turn off the packs of plain manifests by one word', () => {
    expect(inputsOf(readInputs, { manifests, packs: 'none' }).request.packs).toEqual([]);
  });

  it.each([
    ['a level that does not exist', 'workloads: wran', 'pack-level-unknown', 'did you mean "warn"?'],
    ['packs beside none', 'none, workloads', 'input-invalid', 'remove "none", or the packs'],
  ])('are refused with %s, in one sentence', (_name, packs, code, remedy) => {
    expect(() => inputsOf(readInputs, { manifests, packs })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ code, remedy })] }),
    );
  });

  it.each([
    ['nothing to check', { manifests: '' }],
    ['an invalid version', { manifests, 'kubernetes-version': 'latest' }],
    ['an invalid severity', { manifests, 'fail-on': 'notice' }],
    ['an unknown pack', { manifests, packs: 'worklods' }],
  ])('are refused with %s', (_name, given) => {
    expect(() => inputsOf(readInputs, given)).toThrow(SlipwayError);
  });

  it('are refused all at once, each pack that does not exist too', () => {
    const given = { manifests: '', packs: 'worklods, workloads, reference', 'kubernetes-version': 'latest' };
    expect(problemsOf(given)).toEqual([
      'input-missing',
      'input-invalid',
      'unknown-pack worklods',
      'unknown-pack reference',
    ]);
  });
});

/** The code of each problem, with the name of a pack that is not one. */
function problemsOf(given: Readonly<Record<string, string>>): string[] {
  try {
    inputsOf(readInputs, given);
    return [];
  } catch (error) {
    return (error as SlipwayError).problems.map(({ code, message }) =>
      [code, ...(/no pack "(\w+)"/.exec(message)?.slice(1) ?? [])].join(' '),
    );
  }
}
