import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { findingAbout, findingAt, findingOfProblem, findingWithoutPosition } from '../src/findings.ts';
import { checkYaml, configMap, configMapPolicy } from './support/check-yaml.ts';

const object: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
const at = { path: 'policies/a.yaml', line: 3, column: 5 };
const said = { rule: 'rule', severity: 'error', message: 'is wrong' } as const;
const setting = { formation: 'production', destination: 'eu' };

const about = (more: object = {}) =>
  findingAbout({ object }, { ...said, pointer: '/data/colour', subject: ['binding'], ...more }, setting)
    .fingerprint;
const ofFile = (more: object = {}) =>
  findingAt(at, { ...said, subject: ['policy', 'spec'], ...more }, setting).fingerprint;
const ofCheck = (more: object = {}) =>
  findingWithoutPosition({ ...said, subject: ['1.99'], ...more }, setting).fingerprint;
const ofProblem = (more: object = {}) =>
  findingOfProblem(
    { code: 'key-duplicate', message: 'is wrong', at, subject: 'colour', ...more },
    'schema/duplicate-key',
    'warning',
  ).fingerprint;

describe('the fingerprint of a finding', () => {
  it.each([
    ['about an object', about, 'sha256:31b3ec3180ddc14864827acbd0ab4d3e8359975c2a9824d9725148da2e321015'],
    ['about a file', ofFile, 'sha256:96413414124a12afdd7ef5a24293272b3bb1f612530f8a309d8c88b7fe3b8e64'],
    [
      'about the check as a whole',
      ofCheck,
      'sha256:0e528a3265ee76a8b4e644476d7736572f9192656d235ad65bdd37d179bc08a7',
    ],
    [
      'of a reader of manifests',
      ofProblem,
      'sha256:a2fb4147b9e848053dd4e458036e940291b198ca0c1f52b86549fa90ff3c9e94',
    ],
  ] as const)('%s is the same whatever its message says', (_case, fingerprint, expected) => {
    expect(fingerprint()).toBe(expected);
    expect(fingerprint({ message: 'must be fixed', fix: 'fix it', remedy: 'fix it' })).toBe(expected);
  });

  it.each([
    ['another field', about, { pointer: '/data/shape' }],
    ['another rule', about, { rule: 'other' }],
    ['another binding', about, { subject: ['other'] }],
    ['another object of one file', ofFile, { subject: ['other', 'spec'] }],
    ['another version', ofCheck, { subject: ['1.98'] }],
    ['another key', ofProblem, { subject: 'shape' }],
    ['another code', ofProblem, { code: 'yaml-key' }],
    ['another file', ofProblem, { at: { ...at, path: 'b.yaml' } }],
  ] as const)('is another one for %s', (_case, fingerprint, more) => {
    expect(fingerprint(more)).not.toBe(fingerprint());
  });

  it('of a problem does not move with the lines around it', () => {
    expect(ofProblem({ at: { ...at, line: 9 } })).toBe(ofProblem());
  });
});

describe('two findings of one rule at one field', () => {
  it('have different fingerprints where two bindings make them', async () => {
    const denying =
      '  validations: [{ expression: "object.data.colour == \'red\'", message: it must be red }]';
    const bound = configMapPolicy(denying);
    const [, binding = ''] = bound.split('---');
    const policies = `${bound}---${binding.replace(/metadata:.*name: \w+/, found => `${found}-2`)}`;
    const found = await checkYaml({ manifests: configMap, policies });
    expect(found.map(({ rule }) => rule)).toEqual(['rule', 'rule']);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('have different fingerprints where two rules of a custom resource make them', async () => {
    const manifests = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shops.example.org }
spec:
  group: example.org
  names: { kind: Shop, plural: shops }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            size:
              type: integer
              x-kubernetes-validations:
                - { rule: "self > 1", message: it is wrong }
                - { rule: "self > 2", message: it is wrong }
---
apiVersion: example.org/v1
kind: Shop
metadata: { name: a }
size: 1
`;
    const found = await checkYaml({ manifests });
    expect(found.map(({ rule, pointer }) => [rule, pointer])).toEqual([
      ['schema/validation-rule', '/size'],
      ['schema/validation-rule', '/size'],
    ]);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });
});
