import { expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { imagesOf } from '../src/images.ts';
import type { KubernetesObject } from '../src/index.ts';

const spec = {
  initContainers: [{ name: 'init', image: 'a:1' }],
  containers: [{ name: 'main', image: 'b:1' }, { name: 'without' }, 'text'],
  ephemeralContainers: [{ name: 'debug', image: 'c:1' }],
  volumes: [
    { name: 'files', image: { reference: 'd:1' } },
    { name: 'data', emptyDir: {} },
  ],
};
const all = ['init a:1', 'main b:1', 'debug c:1', 'files d:1'];

const of = (apiVersion: string, kind: string, fields: JsonObject): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'api' },
  ...fields,
});

it.each<[string, KubernetesObject, readonly string[]]>([
  ['a Deployment', of('apps/v1', 'Deployment', { spec: { template: { spec } } }), all],
  ['a Pod', of('v1', 'Pod', { spec }), all],
  ['a CronJob', of('batch/v1', 'CronJob', { spec: { jobTemplate: { spec: { template: { spec } } } } }), all],
  // They run in the cluster like those of a Deployment, so they must be of the snapshot too.
  ["Argo's Rollout", of('argoproj.io/v1alpha1', 'Rollout', { spec: { template: { spec } } }), all],
  [
    'a kind of which nothing is known',
    of('example.org/v1', 'Deployment', { spec: { template: { spec } } }),
    [],
  ],
  ['a Deployment without a template', of('apps/v1', 'Deployment', {}), []],
])('the images of %s', (_title, object, expected) => {
  expect(imagesOf(object).map(({ container, image }) => `${container} ${image}`)).toEqual(expected);
});
