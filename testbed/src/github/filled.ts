export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const MAX_DEPTH = 8;

/** Required fields with the emptiest value that fits, since fields that a test does not set must not matter to it. */
export function filled(
  source: JsonObject,
  given: Json | undefined,
  resolve: (value: JsonObject) => JsonObject,
  depth = 0,
): Json {
  const schema = resolve(source);
  if (given === null || (given !== undefined && typeof given !== 'object')) return given;
  const choice = chosen(schema, given, resolve);
  if (choice !== undefined) return filled(choice, given, resolve, depth);
  if (given === undefined && schema['nullable'] === true) return null;
  const type = schema['type'] ?? (schema['properties'] === undefined ? 'string' : 'object');
  if (type === 'array') {
    const items = (schema['items'] ?? {}) as JsonObject;
    return ((given ?? []) as readonly Json[]).map(item => filled(items, item, resolve, depth + 1));
  }
  if (type === 'object') return filledObject(schema, (given ?? {}) as JsonObject, resolve, depth);
  return (schema['enum'] as readonly Json[] | undefined)?.[0] ?? EMPTY[String(type)] ?? '';
}

/** The alternative that has most of the given fields, and of several the first. */
function chosen(
  { allOf, anyOf, oneOf }: JsonObject,
  given: Json | undefined,
  resolve: (value: JsonObject) => JsonObject,
): JsonObject | undefined {
  const choices = (allOf ?? anyOf ?? oneOf ?? []) as readonly JsonObject[];
  const names = Object.keys(given ?? {});
  const fit = (choice: JsonObject): number => {
    const properties = (resolve(choice)['properties'] ?? {}) as JsonObject;
    return names.filter(name => name in properties).length;
  };
  return allOf === undefined ? choices.toSorted((one, other) => fit(other) - fit(one))[0] : choices[0];
}

function filledObject(
  schema: JsonObject,
  given: JsonObject,
  resolve: (value: JsonObject) => JsonObject,
  depth: number,
): JsonObject {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = depth < MAX_DEPTH ? ((schema['required'] ?? []) as readonly string[]) : [];
  const names = new Set([...required, ...Object.keys(given)]);
  return Object.fromEntries(
    [...names].map(name => [name, filled(properties[name] ?? {}, given[name], resolve, depth + 1)]),
  );
}

const EMPTY: Readonly<Record<string, Json>> = { string: '', integer: 1, number: 1, boolean: false };
