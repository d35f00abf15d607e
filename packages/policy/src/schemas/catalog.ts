import { minorOf, readBuiltInSchemas } from './built-in.ts';
import type { CatalogFile, FileProperty, TypeExpression } from './catalog-file.ts';
import { droppedFields } from './dropped-fields.ts';
import { reallyRequired } from './not-required.ts';
import type { KindSchema, ObjectSchema, Property, ScalarType, Schema } from './schema.ts';

/** The kinds that one version of Kubernetes serves, and those of the given CustomResourceDefinitions. */
export interface Catalog {
  readonly version: string;
  find(apiVersion: string, kind: string): KindSchema | undefined;
  /** By `group/version` and plural, as match rules name kinds. */
  readonly kinds: readonly KindSchema[];
}

export function openCatalog(file: CatalogFile, customKinds: readonly KindSchema[] = []): Catalog {
  const types = new Map<string, ObjectSchema>();
  const builtIn = Object.entries(file.kinds).flatMap(([apiVersion, kinds]) =>
    Object.entries(kinds).map(([kind, [type, plural, namespaced]]): KindSchema => {
      // Types are opened when a manifest needs them: a run needs a handful of hundreds.
      const schema = () => objectSchema(type, file, types);
      return {
        apiVersion,
        kind,
        plural,
        namespaced: namespaced === 1,
        builtIn: true,
        dropsStatus: true,
        get schema() {
          return schema();
        },
      };
    }),
  );
  // A definition never replaces a kind of Kubernetes itself: any manifest could then pass as one.
  const kinds = [...builtIn, ...customKinds];
  const byName = new Map(kinds.toReversed().map(kind => [`${kind.apiVersion} ${kind.kind}`, kind]));
  return { version: file.version, kinds, find: (apiVersion, kind) => byName.get(`${apiVersion} ${kind}`) };
}

/**
 * The kinds that a version of Kubernetes serves, or the nearest version that there are schemas for.
 * @throws SlipwayError `unknown-kubernetes-version`
 */
export function builtInKinds(version: string): readonly KindSchema[] {
  return openCatalog(readBuiltInSchemas(version)).kinds;
}

function objectSchema(name: string, file: CatalogFile, types: Map<string, ObjectSchema>): ObjectSchema {
  const known = types.get(name);
  if (known !== undefined) return known;
  const source = file.types[name] ?? {};
  const properties = new Map<string, Property>();
  // It is entered before its properties are opened, because types may contain themselves.
  const minor = minorOf(file.version);
  const required = reallyRequired(name, source.r ?? [], minor);
  const dropped = droppedFields(name, minor);
  const schema: ObjectSchema = { form: 'object', name, properties, required, dropped };
  types.set(name, schema);
  for (const [field, property] of Object.entries(source.p ?? {}))
    properties.set(field, openProperty(property, file, types));
  return schema;
}

const emptyNames = { d: 'drop', f: 'fill', z: 'zero', n: 'null' } as const;

function openProperty(property: FileProperty, file: CatalogFile, types: Map<string, ObjectSchema>): Property {
  if (typeof property === 'string' || Array.isArray(property))
    return { schema: openType(property as TypeExpression, file, types), empty: 'keep' };
  const { t, e, d } = property as Exclude<FileProperty, TypeExpression>;
  return {
    schema: openType(t, file, types),
    empty: e === undefined ? 'keep' : emptyNames[e],
    ...(d === undefined ? {} : { fallback: d }),
  };
}

const scalarTypes: Readonly<Record<string, ScalarType>> = {
  s: 'text',
  b: 'boolean',
  i: 'integer',
  i32: 'int32',
  n: 'number',
  q: 'quantity',
  x: 'int-or-text',
  t: 'time',
  y: 'base64',
};

function openType(type: TypeExpression, file: CatalogFile, types: Map<string, ObjectSchema>): Schema {
  if (typeof type !== 'string') {
    const [form, inner] = type;
    const schema = openType(inner, file, types);
    return form === 'l' ? { form: 'list', items: schema } : { form: 'map', values: schema };
  }
  if (type.startsWith('@')) return objectSchema(type.slice(1), file, types);
  const scalar = scalarTypes[type];
  return scalar === undefined ? { form: 'any' } : { form: 'scalar', type: scalar };
}
