import { propertiesOf } from '@slipway/cel';
import { isJsonObject, type JsonObject, type Path } from '@slipway/core';

/** `.name`, or `['any name']`, in which a backslash escapes. A name after a dot ends at the next dot or bracket. */
const STEP = /\.([^.[\]]+)|\['((?:\\[abfnrtv'\\]|[^'\\])*)'\]/gy;

export interface FoundField {
  readonly path: Path;
  readonly schema: JsonObject;
}

/**
 * The field of a schema that a path such as `.spec.ports['http']` leads to; undefined unless the schema has it.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/cel/validation.go#L534
 */
export function findField(text: string, schema: JsonObject): FoundField | undefined {
  const path: string[] = [];
  let current: JsonObject = schema;
  let end = 0;
  for (const match of text.matchAll(STEP)) {
    const name =
      match[1] ?? (match[2] ?? '').replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
    const extra: unknown = current['additionalProperties'];
    const properties = propertiesOf(current);
    const next = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const values = Object.keys(properties).length === 0 && isJsonObject(extra) ? extra : undefined;
    const found: JsonObject | undefined = next ?? values;
    if (found === undefined) return undefined;
    current = found;
    path.push(name);
    end = match.index + match[0].length;
  }
  return end === text.length && path.length > 0 ? { path, schema: current } : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};
