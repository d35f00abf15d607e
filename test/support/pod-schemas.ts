import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { ROOT } from './sources.ts';

/** The form of the files that packages/policy/src/schemas/catalog-file.ts describes, as far as it is needed here. */
type TypeExpression = string | readonly ['l' | 'm', TypeExpression];
type Property = TypeExpression | { readonly t: TypeExpression };

interface SchemaFile {
  readonly version: string;
  readonly kinds: Readonly<Record<string, Readonly<Record<string, readonly [string, string, 0 | 1]>>>>;
  readonly types: Readonly<Record<string, { readonly p?: Readonly<Record<string, Property>> }>>;
}

const FOLDER = join(ROOT, 'packages/policy/schemas');

/** The schemas of every version of Kubernetes that Slipway brings along. */
export const schemaFiles: readonly SchemaFile[] = readdirSync(FOLDER)
  .filter(name => /^kubernetes-.*\.json\.br$/.test(name))
  .map(name => JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, name))).toString()));

/** Every field that holds a single value in a pod's spec: a path such as volumes.*.secret.secretName, with `*` for each item of a list or map. */
export function podFields({ types }: SchemaFile): readonly string[] {
  const found: string[] = [];
  const visit = (property: Property, path: readonly string[]): void => {
    const type = typeof property === 'object' && 't' in property ? property.t : property;
    if (typeof type !== 'string') visit(type[1], [...path, '*']);
    else if (!type.startsWith('@')) found.push(path.join('/'));
    else
      for (const [name, inner] of Object.entries(types[type.slice(1)]?.p ?? {}))
        visit(inner, [...path, name]);
  };
  visit('@core.v1.PodSpec', []);
  return found;
}
