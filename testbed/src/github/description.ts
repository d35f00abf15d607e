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
export class Description {
  readonly #document: JsonObject;
  readonly #paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  /** For values in an address, which are text whatever their type. */
  readonly #lenient: Ajv;
  readonly #exact: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    const file = new URL('openapi.json', import.meta.url);
    this.#document = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
    this.#paths = this.#document['paths'] as never;
    const options = { strict: false, validateFormats: false, allErrors: true };
    const schemas = withNull(this.#document) as object;
    this.#exact = new Ajv(options).addSchema(schemas, 'github');
    this.#lenient = new Ajv({ ...options, coerceTypes: true }).addSchema(schemas, 'github');
  }

  match(method: string, path: string): Match | undefined {
    for (const [route, methods] of Object.entries(this.#paths)) {
      const parameters = matchRoute(route, path);
      if (parameters === undefined || methods[method.toLowerCase()] === undefined) continue;
      return { operation: `${method} ${route}` as Operation, parameters };
    }
    return undefined;
  }

  /** The deviations of a request from the description, including unknown query parameters. */
  requestProblems({ operation, parameters }: Match, query: URLSearchParams, body: unknown): string[] {
    const { parameters: declared, requestBody } = this.#operation(operation);
    const known = declared.map(parameter => this.#resolve(parameter as never) as unknown as Parameter);
    const names = known.filter(parameter => parameter.in === 'query').map(({ name }) => name);
    return [
      ...[...query.keys()].filter(name => !names.includes(name)).map(name => `no query parameter ${name}`),
      ...known.flatMap(parameter => {
        const { name } = parameter;
        const value = parameter.in === 'path' ? parameters[name] : (query.get(name) ?? undefined);
        return this.#parameterProblems(operation, parameter, value);
      }),
      ...this.#bodyProblems(operation, this.#schema(requestBody), body),
    ];
  }

  responseProblems(operation: Operation, status: number, body: unknown): string[] {
    const response = this.#operation(operation).responses[String(status)];
    if (response === undefined) return [`${operation} never answers ${status}`];
    const schema = this.#schema(response);
    return schema === undefined ? [] : this.#violations(`${operation} ${status}`, linked(schema), body);
  }

  /** The given fields, with all others that an answer has by the description. */
  answer(operation: Operation, status: number, given: unknown): unknown {
    const schema = this.#schema(this.#operation(operation).responses[String(status)]);
    return schema === undefined ? given : filled(schema, given as Json, value => this.#resolve(value));
  }

  #operation(operation: Operation): OperationObject {
    const [method = '', path = ''] = operation.split(' ');
    return this.#paths[path]?.[method.toLowerCase()] as OperationObject;
  }

  #parameterProblems(operation: Operation, { name, required, schema }: Parameter, value?: string): string[] {
    if (value === undefined) return required === true ? [`${name} is missing`] : [];
    // In an address every value is text, so that a number or a name are not told apart.
    const { oneOf, ...rest } = schema;
    const either = oneOf === undefined ? schema : { ...rest, anyOf: oneOf };
    const wanted = { type: 'object', properties: { [name]: linked(either) } };
    return this.#violations(`${operation} ${name}`, wanted, { [name]: value }, this.#lenient);
  }

  #bodyProblems(operation: Operation, schema: JsonObject | undefined, body: unknown): string[] {
    if (schema === undefined) return body === undefined ? [] : ['a body, where none is asked for'];
    const closed = { ...this.#resolve(schema), additionalProperties: false };
    return this.#violations(`${operation} body`, linked(closed), body);
  }

  #violations(name: string, schema: object, value: unknown, engine = this.#exact): string[] {
    const valid = this.#compiled.get(name) ?? engine.compile(schema);
    this.#compiled.set(name, valid);
    return valid(value) ? [] : [`${name}: ${engine.errorsText(valid.errors)}`];
  }

  #resolve(value: JsonObject): JsonObject {
    const reference = value['$ref'];
    return typeof reference === 'string' ? this.#resolve(at(this.#document, reference)) : value;
  }

  #schema(holder: JsonObject | undefined): JsonObject | undefined {
    return (
      holder && (at(this.#resolve(holder), '#/content/application~1json/schema') as JsonObject | undefined)
    );
  }
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

/** References in the description are relative to it, wherever a schema is used. */
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
