import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { diffFields } from '../src/objects/diff.ts';
import { markDrift } from '../src/objects/drift.ts';
import { mergeApplied } from '../src/objects/local-merge.ts';

const daemonSet = (
  env: JsonObject[],
  annotations: JsonObject = {},
  sidecars: JsonObject[] = [],
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'x', annotations },
  spec: { template: { spec: { containers: [...sidecars, { name: 'a', image: 'a:1', env }] } } },
});

const A = (value: string): JsonObject => ({ name: 'A', value });
const COUNTER = 'deprecated.daemonset.template.generation';

const drifted = (live: KubernetesObject, before: KubernetesObject, now: KubernetesObject): string[] => {
  const answer = mergeApplied(now, live, 'slipway').object;
  const counted = { ...answer, metadata: { ...answer.metadata, annotations: { [COUNTER]: '2' } } };
  const fields = diffFields(live, counted);
  return markDrift(fields, live, { before, now }, 'slipway')
    .filter(field => field.drifted === true)
    .map(({ pointer }) => pointer);
};

describe('a field has drifted', () => {
  it('if someone changed it and the manifest did not', () => {
    const manifest = daemonSet([A('1')]);
    expect(drifted(daemonSet([A('9')], { [COUNTER]: '1' }), manifest, manifest)).toEqual([
      '/spec/template/spec/containers/0/env/0/value',
    ]);
  });

  it('also in the order of a list', () => {
    const manifest = daemonSet([A('1'), { name: 'B', value: '1' }]);
    const live = daemonSet([{ name: 'B', value: '1' }, A('1')], { [COUNTER]: '1' });
    expect(drifted(live, manifest, manifest)).toEqual(['/spec/template/spec/containers/0/env']);
  });

  it('and not if the manifest changed it, whatever the server counts', () => {
    expect(
      drifted(daemonSet([A('1')], { [COUNTER]: '1' }), daemonSet([A('1')]), daemonSet([A('2')])),
    ).toEqual([]);
  });

  it('and not if an item that someone injected moved ours', () => {
    const mesh = [{ name: 'mesh', image: 'mesh:1' }];
    const live = daemonSet([A('1')], { [COUNTER]: '1' }, mesh);
    expect(drifted(live, daemonSet([A('1')]), daemonSet([A('2')]))).toEqual([]);
  });
});
