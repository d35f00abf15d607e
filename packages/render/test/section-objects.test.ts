import { describe, expect, it } from '@jest/globals';
import { Problems } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { parsePlain } from '../src/manifests/parse-plain.ts';
import { RecentSections, SectionObjects } from '../src/manifests/section-objects.ts';

const configMap = (name: string, data: object = { key: 'value' }): KubernetesObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }) as never;

describe('the objects of a section', () => {
  it('are let go of when they are packed, and made again as they were', () => {
    const written = [
      configMap('a', JSON.parse('{"__proto__": "x", "2": "two", "1": "one"}')),
      configMap('b'),
    ];
    const section = new SectionObjects([...written]);
    expect(section.at(0)).toBe(written[0]);
    section.pack();
    expect(section.at(0)).not.toBe(written[0]);
    expect(JSON.stringify([section.at(0), section.at(1)])).toBe(JSON.stringify(written));
  });

  it('stay as they are if JSON cannot hold them', () => {
    const object = configMap('a', { list: [{ number: 2n ** 63n }] });
    const section = new SectionObjects([object]);
    section.pack();
    expect(section.at(0)).toBe(object);
  });

  it('are packed once the sections after them are long enough', () => {
    const objects = ['a', 'b', 'c'].map(name => configMap(name));
    const sections = objects.map(object => new SectionObjects([object]));
    const recent = new RecentSections(25);
    for (const section of sections) recent.add(section, 10);
    expect(sections.map((section, index) => section.at(0) === objects[index])).toEqual([false, true, true]);
  });

  it('keep their names and positions', async () => {
    const text = ['a', 'b']
      .map(name => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`)
      .join('---\n');
    const { objects } = await parsePlain(text, 'all.yaml', new Problems(), new RecentSections(0));
    expect(objects.map(({ object, reference }) => [object.metadata.name, reference.name])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(objects.map(object => object.positionAt('/metadata/name').line)).toEqual([4, 9]);
  });
});
