import { describe, expect, it } from '@jest/globals';
import { Problems } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { KeptSection, RecentSections } from '../src/manifests/kept-section.ts';
import { parsePlain } from '../src/manifests/parse-plain.ts';

const configMap = (name: string, data: object = { key: 'value' }): KubernetesObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }) as never;

const sectionOf = (objects: readonly KubernetesObject[], text = 'a: 1'): KeptSection =>
  new KeptSection({ text, firstLine: 1 }, objects);

describe('the objects of a section', () => {
  it('are let go of when they are packed, and made again as they were', () => {
    const written = [
      configMap('a', JSON.parse('{"__proto__": "x", "2": "two", "1": "one"}')),
      configMap('b'),
    ];
    const section = sectionOf([...written]);
    expect(section.at(0)).toBe(written[0]);
    section.pack();
    expect(section.at(0)).not.toBe(written[0]);
    expect(JSON.stringify([section.at(0), section.at(1)])).toBe(JSON.stringify(written));
  });

  it('stay as they are if JSON cannot hold them', () => {
    const object = configMap('a', { list: [{ number: 2n ** 63n }] });
    const section = sectionOf([object]);
    section.pack();
    expect(section.at(0)).toBe(object);
  });

  it.each([
    ['short', 'é: "→"\n'],
    ['long', 'é: "→ 😀"\n'.repeat(2000)],
    ['not well-formed', 'é: "\ud83d"\n'.repeat(2000)],
  ])('are as they were with a text that is %s', (_, text) => {
    const objects = [configMap('a', { text }), configMap('b')];
    const section = sectionOf(objects, text);
    for (const _time of ['once', 'again']) {
      section.pack();
      expect(section.text).toBe(text);
      expect([section.at(0), section.at(1)]).toEqual(objects);
    }
  });

  it('are packed once the sections are too long together', () => {
    const objects = ['a', 'b', 'c', 'd'].map(name => configMap(name));
    const sections = objects.map(object => sectionOf([object], '0123456789'));
    const recent = new RecentSections(25);
    const kept = (): boolean[] => sections.map((section, index) => section.at(0) === objects[index]);
    for (const section of sections.slice(0, 2)) recent.add(section);
    expect(kept()).toEqual([true, true, true, true]);
    for (const section of sections.slice(2)) recent.add(section);
    expect(kept()).toEqual([false, false, false, false]);
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
