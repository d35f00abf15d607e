import { expect, it } from '@jest/globals';
import { checkYaml, shown } from './support/check-yaml.ts';

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                s: { type: string }
                preset: { type: string, default: a }
                may: { type: string, nullable: true }
                word: { type: string, nullable: true, enum: [a, b] }
                list: { type: array, items: { type: string } }
                free: { type: array, items: { type: string, nullable: true } }
                map: { type: object, additionalProperties: { type: string } }
                any: { x-kubernetes-preserve-unknown-fields: true }
                cent: { type: number, multipleOf: 0.01 }
                three: { type: integer, multipleOf: 3 }
`;

/** Each with the fields that server-side apply refuses in a dry run. */
const cases: Readonly<Record<string, readonly string[]>> = {
  '{ s: null }': ['/spec/s'],
  '{ preset: null, may: null, any: null, free: [null] }': [],
  '{ word: null }': ['/spec/word'],
  '{ list: [a, null] }': ['/spec/list/1'],
  '{ map: { a: null } }': ['/spec/map/a'],
  '{ list: null }': ['/spec/list'],
  '{ cent: 0.29 }': ['/spec/cent'],
  '{ cent: 0.07 }': [],
  '{ cent: 0.285 }': ['/spec/cent'],
  '{ three: 9007199254740993 }': [],
  '{ three: 9007199254740994 }': ['/spec/three'],
};

it.each(Object.entries(cases))('nulls and multiples in a custom resource: %s', async (spec, pointers) => {
  const manifests = `apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\nspec: ${spec}\n`;
  const found = await checkYaml({ manifests, policies: definition });
  expect(found.map(({ pointer }) => pointer)).toEqual(pointers);
  expect(shown(found).every(text => text.startsWith('error schema/'))).toBe(true);
});
