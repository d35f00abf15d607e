import { compilePattern } from '@slipway/cel';
import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  quote,
} from '@slipway/core';
import type { Discovery } from '../findings.ts';
import { compileRules } from './rules.ts';

const MAX_DEPTH = 64;

/** Why an API server would reject the schemas of a CustomResourceDefinition: they are not structural, or a rule does not compile. */
export function checkDefinition(definition: JsonObject, minor: number): Discovery[] {
  const spec = isJsonObject(definition['spec']) ? definition['spec'] : {};
  const versions = Array.isArray(spec['versions']) ? spec['versions'] : [];
  return versions.flatMap((version: unknown, index): Discovery[] => {
    const schema = isJsonObject(version) ? version['schema'] : undefined;
    const root = isJsonObject(schema) ? schema['openAPIV3Schema'] : undefined;
    const at = ['spec', 'versions', index, 'schema', 'openAPIV3Schema'];
    if (!isJsonObject(root))
      return [
        problem('schema/invalid-definition', 'this version has no schema', ['spec', 'versions', index]),
      ];
    const structural = new StructuralCheck(at);
    structural.visit(root, [], 0);
    if (structural.found.length > 0) return structural.found;
    const { problems } = compileRules(root, minor);
    return problems.map(({ message, path }) => problem('schema/invalid-rule', message, [...at, ...path]));
  });
}

function problem(rule: string, message: string, path: Path): Discovery {
  const fix = 'correct it; Kubernetes would reject the definition too';
  return { rule, severity: 'error', message, fix, pointer: formatPointer(path) };
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema */
class StructuralCheck {
  readonly found: Discovery[] = [];
  readonly #root: Path;

  constructor(root: Path) {
    this.#root = root;
  }

  visit(schema: JsonObject, path: Path, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#report('the schema is nested too deeply', path);
      return;
    }
    const { type } = schema;
    const mayLackType =
      schema['x-kubernetes-int-or-string'] === true ||
      schema['x-kubernetes-preserve-unknown-fields'] === true;
    if (type === undefined && !mayLackType) this.#report('a schema needs a type', path);
    if (depth === 0 && type !== 'object') this.#report('the type of a custom resource must be object', path);
    if (type === 'array' && !isJsonObject(schema['items'])) this.#report('an array needs items', path);
    if (isJsonObject(schema['properties']) && schema['additionalProperties'] !== undefined)
      this.#report('properties and additionalProperties exclude each other', path);
    this.#checkPattern(schema['pattern'], path);
    this.#checkListType(schema, path);
    this.#visitInside(schema, path, depth);
  }

  #visitInside(schema: JsonObject, path: Path, depth: number): void {
    const { properties } = schema;
    if (isJsonObject(properties))
      for (const [name, property] of Object.entries(properties))
        if (isJsonObject(property)) this.visit(property, [...path, 'properties', name], depth + 1);
    for (const word of ['items', 'additionalProperties']) {
      const inner = schema[word];
      if (isJsonObject(inner)) this.visit(inner, [...path, word], depth + 1);
    }
  }

  #checkPattern(pattern: JsonValue | undefined, path: Path): void {
    if (typeof pattern !== 'string') return;
    try {
      compilePattern(pattern);
    } catch {
      this.#report('pattern must be a regular expression in the syntax of RE2', [...path, 'pattern']);
    }
  }

  #checkListType(schema: JsonObject, path: Path): void {
    const type = schema['x-kubernetes-list-type'];
    const keys = schema['x-kubernetes-list-map-keys'];
    if (type !== 'map') {
      if (keys !== undefined)
        this.#report('x-kubernetes-list-map-keys needs the list type map', [
          ...path,
          'x-kubernetes-list-map-keys',
        ]);
      return;
    }
    const items = isJsonObject(schema['items']) ? schema['items'] : {};
    const properties = isJsonObject(items['properties']) ? items['properties'] : {};
    if (!Array.isArray(keys) || keys.length === 0)
      this.#report('the list type map needs x-kubernetes-list-map-keys', [...path, 'x-kubernetes-list-type']);
    else
      for (const key of keys)
        if (!Object.hasOwn(properties, String(key)))
          this.#report(`the items have no property ${quote(String(key))}`, [
            ...path,
            'x-kubernetes-list-map-keys',
          ]);
  }

  #report(message: string, path: Path): void {
    this.found.push(problem('schema/invalid-definition', message, [...this.#root, ...path]));
  }
}
