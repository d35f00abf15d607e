import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import fc from 'fast-check';
import { Section } from '../src/watch/section.ts';

const KEYS = ['app', 'tier'];
const VALUES = ['web', 'api', ''];
const labels = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES));
const object = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    own: labels,
    ofPods: labels,
    isWorkload: fc.boolean(),
  })
  .map(
    ({ name, own, ofPods, isWorkload }): KubernetesObject => ({
      apiVersion: isWorkload ? 'apps/v1' : 'v1',
      kind: isWorkload ? 'Deployment' : 'Service',
      metadata: { name, labels: own },
      ...(isWorkload ? { spec: { template: { metadata: { labels: ofPods } } } } : {}),
    }),
  );
const step = fc.oneof(
  object.map(one => (section: Section) => section.put(one)),
  fc.constantFrom('a', 'b', 'c', 'd').map(name => (section: Section) => section.remove(name)),
  fc.array(object, { maxLength: 4 }).map(all => (section: Section) => section.replace(all)),
  fc.constant((section: Section) => void section.labelled('app', 'web')),
);

/** The labels of the pods of a workload, and otherwise an object's own. */
function labelsOf({ kind, metadata, ...rest }: KubernetesObject): unknown {
  const { spec } = rest as unknown as { spec: { template: { metadata: { labels: unknown } } } };
  return kind === 'Deployment' ? spec.template.metadata.labels : metadata['labels'];
}

describe('the objects of a section by their labels', () => {
  it('are those that a look at all of them finds, whatever changed before and after the first question', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const section = new Section();
        for (const change of steps) change(section);
        for (const key of KEYS)
          for (const value of VALUES) {
            const expected = section.all().filter(one => {
              const found = labelsOf(one) as Record<string, string>;
              return Object.hasOwn(found, key) && found[key] === value;
            });
            expect(new Set(section.labelled(key, value))).toEqual(new Set(expected));
          }
      }),
    );
  });
});
