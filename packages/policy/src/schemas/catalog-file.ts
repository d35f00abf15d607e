/**
 * The format of schemas/kubernetes-<minor>.json.br. It is terse, because it is read on each start.
 *
 * A type is `s` text, `b` boolean, `i` integer, `i32` integer of 32 bits, `n` number, `q` quantity, `x` integer or text, `t` time,
 * `y` base64, `*` anything, `@name` an entry of `types`, `['l', type]` a list and `['m', type]` a map with text as keys.
 */
export type TypeExpression = string | readonly ['l' | 'm', TypeExpression];

/**
 * `e` says how admission sees a field without a value: `d` leaves out false, 0, "" and empty lists and maps, `f` puts in an empty
 * object, `z` the zero of the scalar, `n` null; without `e` the field stays as it is.
 * `d` is the default that Kubernetes declares.
 */
export type FileProperty =
  | TypeExpression
  | {
      readonly t: TypeExpression;
      readonly e?: 'd' | 'f' | 'z' | 'n';
      readonly d?: string | number | boolean;
    };

export interface FileType {
  readonly p?: Readonly<Record<string, FileProperty>>;
  readonly r?: readonly string[];
}

export interface CatalogFile {
  readonly version: string;
  /** By API version and kind: the type, the plural in lower case, and 1 if it is namespaced. */
  readonly kinds: Record<string, Record<string, readonly [type: string, plural: string, namespaced: 0 | 1]>>;
  readonly types: Record<string, FileType>;
}
