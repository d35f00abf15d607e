import { readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** The types of the fields of each schema, by their names. */
type Schemas = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Method {
  readonly id: string;
  readonly httpMethod: string;
  readonly flatPath: string;
  readonly request?: string;
  readonly response: string;
  readonly schemas: Schemas;
}

/** What an exchange has that a cloud's published description does not describe, each a sentence. */
export type Undescribed = (
  asked: { readonly httpMethod: string; readonly path: string },
  request: JsonObject | undefined,
  response: JsonObject,
) => string[];

/** @param file an excerpt of the description, as the excerpt.py beside it prints it */
export function describedIn(file: URL): Undescribed {
  const methods = JSON.parse(readFileSync(file, 'utf8')) as readonly Method[];
  return ({ httpMethod, path }, request, response) => {
    const method = methods.find(one => one.httpMethod === httpMethod && patternOf(one).test(path));
    if (method === undefined) return [`${httpMethod} ${path} is not a method`];
    const asked = method.request;
    return [
      ...(request !== undefined && asked === undefined ? [`${method.id} has no body`] : []),
      ...(request === undefined || asked === undefined ? [] : wrong(request, asked, method.schemas)),
      ...wrong(response, method.response, method.schemas),
    ];
  };
}

function patternOf({ flatPath }: Method): RegExp {
  return new RegExp(`^/${flatPath.replaceAll(/\{\w+\}/g, '[^/:]+')}$`);
}

function wrong(value: JsonObject, name: string, schemas: Schemas): string[] {
  return Object.entries(value).flatMap(([key, field]) => {
    const type = schemas[name]?.[key];
    if (type === undefined) return [`${name} has no field ${key}`];
    if (schemas[type] !== undefined)
      return isJsonObject(field) ? wrong(field, type, schemas) : [`${name}.${key} is not an object`];
    return isOfType(field, type) ? [] : [`${name}.${key} is not of the type ${type}`];
  });
}

/** In JSON of Protocol Buffers, null is a field that is not set. */
function isOfType(value: JsonValue, type: string): boolean {
  if (value === null) return true;
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}
