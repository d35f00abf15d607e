import { expect, it } from '@jest/globals';
import { checkYaml } from './support/check-yaml.ts';

interface Parts {
  readonly name?: string;
  readonly names?: string;
  readonly version?: string;
  /** Words that the root of the schema has too. */
  readonly schema?: string;
  readonly spec?: string;
}

/** A definition as JSON within YAML, of which a case gets one part wrong. */
const TEXT = '{ type: string }';
const NUMBER = '{ type: integer }';

/** Two versions with the schema of one field and selectable fields each. */
function twoVersions(...versions: readonly (readonly [field: string, selectable: string])[]): string {
  const items = versions.map(([field, selectable], index) => {
    const schema = `{ openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { a: ${field} } } } } }`;
    return `{ name: v${index + 1}, served: true, storage: ${index === 0}, schema: ${schema}, selectableFields: [${selectable}] }`;
  });
  return definition({}).replace(/versions: .*/, `versions: [${items.join(', ')}]`);
}

function definition({
  name = 'widgets.example.com',
  names = 'kind: Widget, plural: widgets',
  version = '',
  schema = '',
  spec = '',
}: Parts): string {
  const root = `{ type: object, properties: { spec: { type: object, properties: { a: { type: string } } } } ${schema} }`;
  return `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${name} }
spec:
  group: example.com
  scope: Namespaced
  names: { ${names} }
  ${spec}
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: ${root} } ${version} }]
`;
}

const S = '/spec/versions/0/schema/openAPIV3Schema';

/** Each with where its mistakes are; random-definitions.test.itg.ts holds all of this to the server. */
const cases: Readonly<Record<string, readonly [definition: string, pointers: readonly string[]]>> = {
  'a right one': [definition({}), []],
  'a name that is not made of plural and group': [
    definition({ name: 'widget.example.com' }),
    ['/metadata/name'],
  ],
  'names that are not labels of DNS': [
    definition({ names: 'kind: My_Widget, plural: widgets, shortNames: [W], listKind: My_Widget' }),
    ['/spec/names/kind', '/spec/names/listKind', '/spec/names/listKind', '/spec/names/shortNames/0'],
  ],
  'a version whose warning has no reason': [
    definition({ version: ', deprecationWarning: use v2' }),
    ['/spec/versions/0/deprecationWarning'],
  ],
  'a scale whose paths lead elsewhere': [
    definition({
      version: ', subresources: { scale: { specReplicasPath: spec.a, statusReplicasPath: .status.a } }',
    }),
    ['/spec/versions/0/subresources/scale/specReplicasPath'],
  ],
  'a column of another type, and a path without a dot': [
    definition({ version: ', additionalPrinterColumns: [{ name: A, type: text, jsonPath: spec }]' }),
    [
      '/spec/versions/0/additionalPrinterColumns/0/type',
      '/spec/versions/0/additionalPrinterColumns/0/jsonPath',
    ],
  ],
  'a selectable field that is a map': [
    definition({ version: ', selectableFields: [{ jsonPath: .spec.a }, { jsonPath: .spec }]' }),
    ['/spec/versions/0/selectableFields/1/jsonPath'],
  ],
  'selectable fields and schemas that are the same in both versions': [
    twoVersions([TEXT, '{ jsonPath: .spec.a }'], [TEXT, '{ jsonPath: .spec.a }']),
    [],
  ],
  'selectable fields of one version, whose schema is another one': [
    twoVersions([TEXT, '{ jsonPath: .spec.a }'], [NUMBER, '']),
    [],
  ],
  'selectable fields of one version, whose schema is that of both': [
    twoVersions([TEXT, '{ jsonPath: .spec.a }'], [TEXT, '']),
    ['/spec/versions/0/selectableFields'],
  ],
  'the same selectable fields in versions with schemas of their own': [
    twoVersions([TEXT, '{ jsonPath: .spec.a }'], [NUMBER, '{ jsonPath: .spec.a }']),
    ['/spec/versions/0/selectableFields', '/spec/versions/1/selectableFields'],
  ],
  'a webhook that converts, without its address': [
    definition({
      spec: 'conversion: { strategy: Webhook, webhook: { conversionReviewVersions: [v2], clientConfig: {} } }',
    }),
    ['/spec/conversion/webhook/clientConfig', '/spec/conversion/webhook/conversionReviewVersions'],
  ],
  'types within anyOf, and a default in the root': [
    definition({ schema: ', default: {}, anyOf: [{ type: object }, { required: [spec] }]' }),
    [`${S}/anyOf/0/type`],
  ],
  'a root with anyOf beside the subresource status': [
    definition({ schema: ', anyOf: [{ required: [spec] }]', version: ', subresources: { status: {} }' }),
    [`${S}/anyOf`],
  ],
  'a field that only anyOf knows': [
    definition({ schema: ', anyOf: [{ properties: { other: { minLength: 1 } } }]' }),
    [`${S}/anyOf/0/properties/other`],
  ],
  'rules without an expression, with a blank message and another reason': [
    definition({
      schema:
        ', x-kubernetes-validations: [{ rule: "" }, { rule: "true", message: " " }, { rule: "!false", reason: Because }]',
    }),
    [
      `${S}/x-kubernetes-validations/0/rule`,
      `${S}/x-kubernetes-validations/1/message`,
      `${S}/x-kubernetes-validations/2/reason`,
    ],
  ],
};

it.each(Object.entries(cases))(
  'a definition is refused where it is wrong: %s',
  async (_title, [manifests, pointers]) => {
    const found = await checkYaml({ manifests });
    expect(found.map(({ pointer }) => pointer)).toEqual(pointers);
  },
);
