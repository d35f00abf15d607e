import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { inputsOf } from '@slipway/github/testing';
import { readActionFile } from '@slipway/testbed/runner';
import { readInputs } from '../src/run.ts';

const action = readActionFile(new URL('../action.yml', import.meta.url).pathname);

describe('the inputs of render-stencil', () => {
  it('have the defaults that action.yml states', () => {
    const stated = Object.entries(action.inputs).flatMap(([name, { default: preset }]) =>
      preset === undefined || preset.startsWith('${{') ? [] : [[name, preset] as const],
    );
    expect(inputsOf(readInputs, {})).toEqual(inputsOf(readInputs, Object.fromEntries(stated)));
    expect(inputsOf(readInputs, {})).toEqual({
      request: {
        application: 'slipway.yaml',
        formations: [],
        destinations: [],
        set: {},
        explain: [],
      },
      spawn: '',
      expectedWaves: [],
      token: '',
      plainHttpRegistries: [],
    });
  });

  const values: Readonly<Record<string, readonly [given: string, read: object]>> = {
    application: ['shop/slipway.yaml', { request: { application: 'shop/slipway.yaml' } }],
    formation: ['staging, production', { request: { formations: ['staging', 'production'] } }],
    destination: ['eu\n# not us\nap', { request: { destinations: ['eu', 'ap'] } }],
    snapshot: ['20261121-1', { request: { snapshot: { deploymentTag: '20261121-1' } } }],
    output: ['rendered', { request: { output: 'rendered' } }],
    set: ['api.replicas=5\ntext=a=b', { request: { set: { 'api.replicas': '5', text: 'a=b' } } }],
    explain: [
      'staging/main/manifests/a.yaml:1',
      { request: { explain: ['staging/main/manifests/a.yaml:1'] } },
    ],
    'expected-waves': ['1:a/eu=live eu, 2:a/us=', { expectedWaves: ['1:a/eu=live eu', '2:a/us='] }],
    config: ['head', { request: { config: 'head' } }],
    spawn: ['feature/A', { spawn: 'feature/A' }],
    token: ['ghs_1', { token: 'ghs_1' }],
    registry: ['ghcr.io/acme/shop', { request: { registry: 'ghcr.io/acme/shop' } }],
    'record-key': [
      'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=',
      { recordKeys: expect.objectContaining({ acceptsUnsigned: false }) as never },
    ],
    'plain-http-registries': ['registry:5000', { plainHttpRegistries: ['registry:5000'] }],
  };

  it('are all read', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(action.inputs).sort());
    for (const [name, [given, read]] of Object.entries(values))
      expect(inputsOf(readInputs, { [name]: given })).toMatchObject(read);
  });

  it.each([
    ['/tmp/slipway/shop/snapshot.json', { path: '/tmp/slipway/shop/snapshot.json' }],
    ['snapshot.json', { path: 'snapshot.json' }],
    ['some/file', { path: 'some/file' }],
    ['v1.2', { deploymentTag: 'v1.2' }],
  ])('take %s as a path or a tag', (given, snapshot) => {
    expect(inputsOf(readInputs, { snapshot: given }).request.snapshot).toEqual(snapshot);
  });

  it.each([
    ['a snapshot that is neither', { snapshot: 'a tag' }],
    ['a choice of config that there is not', { config: 'base' }],
    ['a value without a word', { set: 'replicas' }],
    ['a word with two values', { set: 'replicas=1\nreplicas=2' }],
  ])('are refused with %s', (_name, given) => {
    expect(() => inputsOf(readInputs, given)).toThrow(SlipwayError);
  });
});
