import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  valueAt,
} from '@slipway/core';
import { checkDefinition } from '../custom-resources/check-definition.ts';
import { checkRules } from '../custom-resources/check-rules.ts';
import { compileRules, type RuleNode } from '../custom-resources/rules.ts';
import type { Discovery } from '../findings.ts';
import { minorOf } from './built-in.ts';
import type { Catalog } from './catalog.ts';
import { metadataOf, readSchema } from './custom-resources.ts';
import { validateValue } from './validate.ts';

/** Why an API server would reject a CustomResourceDefinition, defaults that its own schema does not allow included. */
export function checkWholeDefinition(definition: JsonObject, catalog: Catalog): Discovery[] {
  const found = checkDefinition(definition, minorOf(catalog.version));
  return found.length > 0 ? found : checkDefaults(definition, catalog);
}

/** https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/validation.go */
function checkDefaults(definition: JsonObject, catalog: Catalog): Discovery[] {
  const versions = valueAt(definition, ['spec', 'versions']);
  if (!Array.isArray(versions)) return [];
  const minor = minorOf(catalog.version);
  return versions.flatMap((version: JsonValue, index): Discovery[] => {
    const root = valueAt(version, ['schema', 'openAPIV3Schema']);
    if (!isJsonObject(root)) return [];
    const visit = (schema: JsonObject, node: RuleNode | undefined, path: Path): Discovery[] => [
      ...checkDefault(schema, node, path, catalog),
      ...partsOf(schema, node).flatMap(([part, inner, steps]) => visit(part, inner, [...path, ...steps])),
    ];
    return visit(root, compileRules(root, minor).root, [
      'spec',
      'versions',
      index,
      'schema',
      'openAPIV3Schema',
    ]);
  });
}

type Part = readonly [schema: JsonObject, node: RuleNode | undefined, steps: Path];

/** Defaults within additionalProperties have no meaning, and are not looked at. */
function partsOf({ properties, items }: JsonObject, node: RuleNode | undefined): readonly Part[] {
  const fields = isJsonObject(properties) ? Object.entries(properties) : [];
  return [
    ...fields.flatMap(([name, property]): Part[] =>
      isJsonObject(property) ? [[property, node?.properties.get(name), ['properties', name]]] : [],
    ),
    ...(isJsonObject(items) ? [[items, node?.items, ['items']] as const] : []),
  ];
}

function checkDefault(
  schema: JsonObject,
  node: RuleNode | undefined,
  path: Path,
  catalog: Catalog,
): Discovery[] {
  const value = schema['default'];
  if (value === undefined || value === null) return [];
  const form = readSchema(schema, 0, metadataOf(catalog));
  const problems = validateValue({ default: value }, asField(form), minorOf(catalog.version));
  if (problems.length > 0) return problems.map(({ message, path: at }) => refused(message, [...path, ...at]));
  if (node === undefined) return [];
  return checkRules(node, value, undefined).map(({ message, pointer }) => ({
    ...refused(`"default" breaks a rule of its schema: ${message}`, [...path, 'default']),
    subject: [pointer],
  }));
}

/** The default as the field of a map, so that messages name it. */
function asField(schema: ReturnType<typeof readSchema>): ReturnType<typeof readSchema> {
  const properties = new Map([['default', { schema, empty: 'keep' }]] as const);
  return { form: 'object', name: '', properties, required: [] };
}

function refused(message: string, path: Path): Discovery {
  return {
    rule: 'schema/invalid-definition',
    severity: 'error',
    message,
    fix: 'correct the default; Kubernetes would reject the definition too',
    pointer: formatPointer(path),
  };
}
