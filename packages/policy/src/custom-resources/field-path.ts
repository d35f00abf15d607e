import { propertiesOf } from '@slipway/cel';
import { isJsonObject, type JsonObject, type Path } from '@slipway/core';

/** `.name`, or `['any name']`. */
const STEP = /\.([^.[\]]+)|\['((?:\\.|[^'\\])*)'\]/gy;

/**
 * The path that a rule's `fieldPath` names, such as `.spec.ports['http']`; undefined unless the schema has it.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/cel/validation.go#L534
 */
export function fieldPathOf(text: string, schema: JsonObject): Path | undefined {
  const path: string[] = [];
  let current: JsonObject | undefined = schema;
  let end = 0;
  for (const match of text.matchAll(STEP)) {
    const name = match[1] ?? (match[2] ?? '').replace(/\\(.)/g, '$1');
    const extra: unknown = current?.['additionalProperties'];
    const properties: Readonly<Record<string, JsonObject>> =
      current === undefined ? {} : propertiesOf(current);
    current = Object.hasOwn(properties, name) ? properties[name] : isJsonObject(extra) ? extra : undefined;
    if (current === undefined) return undefined;
    path.push(name);
    end = match.index + match[0].length;
  }
  return end === text.length && path.length > 0 ? path : undefined;
}
