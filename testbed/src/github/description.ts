import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { filled, type Json, type JsonObject } from './filled.ts';
import type { Operation } from './operations.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonObject;
}

interface OperationObject {
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: JsonObject;
  readonly responses: Readonly<Record<string, JsonObject>>;
}

/** A request that fits an operation. */
export interface Match {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
}

/** GitHub's published description of its REST API, as far as the double answers it. */
export interface Description {
  match(method: string, path: string): Match | undefined;
  /** What is wrong with a request by the description; unknown query parameters are too. */
  requestProblems(match: Match, query: URLSearchParams, body: unknown): string[];
  responseProblems(operation: Operation, status: number, body: unknown): string[];
  /** What is given, with whatever else the description says that an answer has. */
  answer(operation: Operation, status: number, given: unknown): unknown;
}

export function openDescription(): Description {
  const file = new URL('openapi.json', import.meta.url);
  const document = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, coerceTypes: true });
  const jsonSchema = withNull(document) as object;
  ajv.addSchema(jsonSchema, 'github');
  const exact = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  exact.addSchema(jsonSchema, 'github');
  const paths = document['paths'] as unknown as Readonly<
    Record<string, Readonly<Record<string, OperationObject>>>
  >;
  const operationAt = (operation: Operation): OperationObject => {
    const [method = '', path = ''] = operation.split(' ');
    return paths[path]?.[method.toLowerCase()] as OperationObject;
  };
  const compiled = new Map<string, ValidateFunction>();
  const validator = (engine: Ajv, key: string, schema: object): ValidateFunction => {
    const known = compiled.get(key) ?? engine.compile(schema);
    compiled.set(key, known);
    return known;
  };
  const resolve = (value: JsonObject): JsonObject =>
    typeof value['$ref'] === 'string' ? resolve(at(document, value['$ref'])) : value;
  const schemaOf = (holder: JsonObject | undefined): JsonObject | undefined =>
    holder && (at(resolve(holder), '#/content/application~1json/schema') as JsonObject | undefined);
  return {
    match(method, path) {
      for (const [route, methods] of Object.entries(paths)) {
        const parameters = matchRoute(route, path);
        if (parameters === undefined || methods[method.toLowerCase()] === undefined) continue;
        return { operation: `${method} ${route}` as Operation, parameters };
      }
      return undefined;
    },
    requestProblems({ operation, parameters }, query, body) {
      const { parameters: declared, requestBody } = operationAt(operation);
      const known = declared.map(parameter => resolve(parameter as never) as unknown as Parameter);
      const given = (parameter: Parameter) =>
        parameter.in === 'path' ? parameters[parameter.name] : (query.get(parameter.name) ?? undefined);
      const names = known.filter(parameter => parameter.in === 'query').map(({ name }) => name);
      return [
        ...[...query.keys()].filter(name => !names.includes(name)).map(name => `no query parameter ${name}`),
        ...known.flatMap(parameter => {
          const value = given(parameter);
          if (value === undefined) return parameter.required === true ? [`${parameter.name} is missing`] : [];
          const valid = validator(ajv, `${operation} ${parameter.name}`, {
            type: 'object',
            properties: { value: linked(parameter.schema) },
          });
          return valid({ value }) ? [] : [`${parameter.name}: ${ajv.errorsText(valid.errors)}`];
        }),
        ...bodyProblems(exact, validator, operation, schemaOf(requestBody), body),
      ];
    },
    responseProblems(operation, status, body) {
      const response = operationAt(operation).responses[String(status)];
      if (response === undefined) return [`${operation} never answers ${status}`];
      const schema = schemaOf(response);
      if (schema === undefined) return [];
      const valid = validator(exact, `${operation} ${status}`, linked(schema));
      return valid(body) ? [] : [`${operation} ${status}: ${exact.errorsText(valid.errors)}`];
    },
    answer(operation, status, given) {
      const schema = schemaOf(operationAt(operation).responses[String(status)]);
      return schema === undefined ? given : filled(schema, given as Json, resolve);
    },
  };
}

function bodyProblems(
  engine: Ajv,
  validator: (engine: Ajv, key: string, schema: object) => ValidateFunction,
  operation: Operation,
  schema: JsonObject | undefined,
  body: unknown,
): string[] {
  if (schema === undefined) return body === undefined ? [] : ['a body, where none is asked for'];
  const closed = { ...linked(schema), additionalProperties: false };
  const valid = validator(engine, `${operation} body`, closed);
  return valid(body) ? [] : [`body: ${engine.errorsText(valid.errors)}`];
}

function matchRoute(route: string, path: string): Record<string, string> | undefined {
  const names = [...route.matchAll(/\{([a-z_]+)\}/g)].map(([, name = '']) => name);
  const pattern = new RegExp(`^${route.replaceAll(/\{[a-z_]+\}/g, '([^/]+)')}$`);
  const found = pattern.exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]));
}

function at(document: JsonObject, pointer: string): JsonObject {
  const steps = pointer.slice(2).split('/');
  const literal = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');
  return steps.reduce<Json>(
    (value, step) => (value as JsonObject | undefined)?.[literal(step)] as Json,
    document,
  ) as JsonObject;
}

/** References of the description lead into the description, wherever the schema is used. */
function linked(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(withNull(schema)).replaceAll('"#/', '"github#/')) as JsonObject;
}

/** OpenAPI 3.0 says `nullable` where JSON Schema lists null: https://spec.openapis.org/oas/v3.0.3#fixed-fields-20 */
function withNull(value: Json): Json {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as JsonObject;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, withNull(item)]));
  return nullable === true ? { anyOf: [{ type: 'null' }, inner] } : inner;
}
