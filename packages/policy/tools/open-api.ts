import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogFile, FileProperty, FileType, TypeExpression } from '../src/schemas/catalog-file.ts';
import type { EmptyField, GoTypes } from './go-types.ts';

interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
}

interface Operation {
  readonly 'x-kubernetes-group-version-kind'?: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: OpenApiSchema }>> };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

/** All files of `api/openapi-spec/v3` as one compact catalog; see catalog-file.ts for its form. */
export function readOpenApi(folder: string, version: string, goTypes: GoTypes): CatalogFile {
  const documents = readdirSync(folder)
    .filter(name => /^api(?:s__.*)?__v\d.*_openapi\.json$/.test(name))
    .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as OpenApi);
  const schemas = new Map(documents.flatMap(({ components }) => Object.entries(components?.schemas ?? {})));
  const kinds: CatalogFile['kinds'] = {};
  const types: CatalogFile['types'] = {};
  const include = (name: string): void => {
    const short = shortName(name);
    if (types[short] !== undefined) return;
    const schema = schemas.get(name);
    if (schema?.properties === undefined) throw new Error(`no properties in ${name}`);
    types[short] = {};
    types[short] = compactType(short, schema, goTypes, schemas, include);
  };
  for (const [path, { post }] of documents.flatMap(({ paths }) => Object.entries(paths)).sort()) {
    const gvk = post?.['x-kubernetes-group-version-kind'];
    const match = /^\/api(?:s\/[^/]+)?\/v\w+(\/namespaces\/\{namespace\})?\/([a-z]+)$/.exec(path);
    const body = Object.values(post?.requestBody?.content ?? {})[0]?.schema;
    const name = body === undefined ? undefined : referenceOf(body);
    if (gvk === undefined || match === null || name === undefined) continue;
    include(name);
    const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
    kinds[apiVersion] ??= {};
    kinds[apiVersion][gvk.kind] = [shortName(name), match[2] as string, match[1] === undefined ? 0 : 1];
  }
  return { version, kinds, types };
}

function shortName(name: string): string {
  return name.replace(
    /^io\.k8s\.(?:api\.|apimachinery\.pkg\.apis\.|kube-aggregator\.pkg\.apis\.|apiextensions-apiserver\.pkg\.apis\.)/,
    '',
  );
}

function compactType(
  name: string,
  schema: OpenApiSchema,
  goTypes: GoTypes,
  schemas: ReadonlyMap<string, OpenApiSchema>,
  include: (name: string) => void,
): FileType {
  const properties: Record<string, FileProperty> = {};
  // A type that only re-exports another package's has none: its fields stay as they are.
  const fields = goTypes.get(name);
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const type = compactExpression(property, schemas, include);
    const empty = fields?.get(field) ?? 'keep';
    properties[field] = withDetails(type, empty, property.default);
  }
  return schema.required === undefined ? { p: properties } : { p: properties, r: schema.required };
}

const emptyLetters: Record<EmptyField, string | undefined> = {
  drop: 'd',
  keep: undefined,
  fill: 'f',
  zero: 'z',
  null: 'n',
};

function withDetails(type: TypeExpression, empty: EmptyField, fallback: unknown): FileProperty {
  const letter = emptyLetters[empty];
  const hasDefault = typeof fallback !== 'object' && ![undefined, '', 0, false].includes(fallback as never);
  if (letter === undefined && !hasDefault) return type;
  return {
    t: type,
    ...(letter === undefined ? {} : { e: letter as 'd' }),
    ...(hasDefault ? { d: fallback as string } : {}),
  };
}

function referenceOf(schema: OpenApiSchema): string | undefined {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return reference?.replace('#/components/schemas/', '');
}

function compactExpression(
  schema: OpenApiSchema,
  schemas: ReadonlyMap<string, OpenApiSchema>,
  include: (name: string) => void,
): TypeExpression {
  const reference = referenceOf(schema);
  if (reference !== undefined) {
    const target = schemas.get(reference);
    if (target?.properties === undefined) return compactExpression(target ?? {}, schemas, include);
    include(reference);
    return `@${shortName(reference)}`;
  }
  if (schema.items !== undefined) return ['l', compactExpression(schema.items, schemas, include)];
  if (schema.additionalProperties !== undefined)
    return ['m', compactExpression(schema.additionalProperties, schemas, include)];
  return scalarExpression(schema);
}

function scalarExpression({ type, format, oneOf }: OpenApiSchema): TypeExpression {
  if (format === 'int-or-string') return 'x';
  if (oneOf?.some(option => option.type === 'number')) return 'q';
  if (type === 'string') {
    if (format === 'date-time') return 't';
    return format === 'byte' ? 'y' : 's';
  }
  if (type === 'integer') return format === 'int32' ? 'i32' : 'i';
  if (type === 'boolean') return 'b';
  return type === 'number' ? 'n' : '*';
}
