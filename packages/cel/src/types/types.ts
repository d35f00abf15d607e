/** Static types of CEL, as its checker sees them: https://github.com/google/cel-spec/blob/v0.24.0/doc/langdef.md#gradual-type-checking */
export type CelType =
  | { readonly kind: 'simple'; readonly name: SimpleType; readonly free?: true }
  /** Kubernetes' own types, such as `Quantity`; they have no fields. */
  | { readonly kind: 'opaque'; readonly name: string }
  | { readonly kind: 'list'; readonly items: CelType }
  | { readonly kind: 'map'; readonly keys: CelType; readonly values: CelType }
  | { readonly kind: 'optional'; readonly of: CelType }
  /** The type of the result of `type()`. */
  | { readonly kind: 'type' }
  | { readonly kind: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, CelType> }
  /** A letter in a function's signature. */
  | { readonly kind: 'parameter'; readonly name: string };

export type SimpleType =
  | 'dyn'
  | 'null_type'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'duration'
  | 'timestamp';

function simple(name: SimpleType): CelType {
  return { kind: 'simple', name };
}

export const dynType = simple('dyn');
/** The type of the items of `[]` and similar literals: any type, and the type of the others where there are others. */
export const freeType: CelType = { kind: 'simple', name: 'dyn', free: true };
export const nullType = simple('null_type');
export const boolType = simple('bool');
export const intType = simple('int');
export const uintType = simple('uint');
export const doubleType = simple('double');
export const stringType = simple('string');
export const bytesType = simple('bytes');
export const durationType = simple('duration');
export const timestampType = simple('timestamp');
export const typeType: CelType = { kind: 'type' };

export function listOf(items: CelType): CelType {
  return { kind: 'list', items };
}

export function mapOf(keys: CelType, values: CelType): CelType {
  return { kind: 'map', keys, values };
}

export function optionalOf(of: CelType): CelType {
  return { kind: 'optional', of };
}

export function objectType(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return { kind: 'object', name, fields: new Map(Object.entries(fields)) };
}

/** An object type whose fields are built when the first is read: most never are, and some types contain themselves. */
export function lazyObjectType(name: string, makeFields: () => ReadonlyMap<string, CelType>): CelType {
  let made: ReadonlyMap<string, CelType> | undefined;
  return {
    kind: 'object',
    name,
    get fields() {
      made ??= makeFields();
      return made;
    },
  };
}

export function isDyn(type: CelType): boolean {
  return type.kind === 'simple' && type.name === 'dyn';
}

const shownNames: Partial<Record<SimpleType, string>> = {
  null_type: 'null',
  duration: 'google.protobuf.Duration',
  timestamp: 'google.protobuf.Timestamp',
};

/** As cel-go writes it in its messages. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'simple':
      return shownNames[type.name] ?? type.name;
    case 'list':
      return `list(${formatType(type.items)})`;
    case 'map':
      return `map(${formatType(type.keys)}, ${formatType(type.values)})`;
    case 'optional':
      return `optional_type(${formatType(type.of)})`;
    case 'type':
      return 'type';
    default:
      return type.name;
  }
}

/** The types of a signature's letters in one call. */
export type Bindings = Map<string, CelType>;

/** The type with its letters replaced; a letter that was not bound can be any type. */
export function substitute(type: CelType, bindings: Bindings): CelType {
  switch (type.kind) {
    case 'parameter': {
      const bound = bindings.get(type.name);
      return bound === undefined ? freeType : bound;
    }
    case 'list':
      return listOf(substitute(type.items, bindings));
    case 'map':
      return mapOf(substitute(type.keys, bindings), substitute(type.values, bindings));
    case 'optional':
      return optionalOf(substitute(type.of, bindings));
    default:
      return type;
  }
}

/**
 * Whether a value of type `given` may be used where `wanted` is expected; binds letters of `wanted`. Where one side is `dyn`, the
 * letter becomes `dyn`, which leaves the answer to the evaluation.
 */
export function isAssignable(wanted: CelType, given: CelType, bindings: Bindings): boolean {
  if (wanted.kind === 'parameter') return bindParameter(wanted.name, given, bindings);
  if (isDyn(wanted) || isDyn(given)) return true;
  if (isNull(given) && acceptsNull(wanted)) return true;
  if (wanted.kind === 'list')
    return given.kind === 'list' && isAssignable(wanted.items, given.items, bindings);
  if (wanted.kind === 'map')
    return (
      given.kind === 'map' &&
      isAssignable(wanted.keys, given.keys, bindings) &&
      isAssignable(wanted.values, given.values, bindings)
    );
  if (wanted.kind === 'optional')
    return given.kind === 'optional' && isAssignable(wanted.of, given.of, bindings);
  if (wanted.kind === 'type') return given.kind === 'type';
  return wanted.kind === given.kind && 'name' in given && wanted.name === given.name;
}

/** Whether two types are the same. `dyn` is only the same as itself; a free type is the same as any. */
export function isSame(left: CelType, right: CelType): boolean {
  if (isFree(left) || isFree(right)) return true;
  if (left.kind === 'list' && right.kind === 'list') return isSame(left.items, right.items);
  if (left.kind === 'map' && right.kind === 'map')
    return isSame(left.keys, right.keys) && isSame(left.values, right.values);
  if (left.kind === 'optional' && right.kind === 'optional') return isSame(left.of, right.of);
  return left.kind === right.kind && formatType(left) === formatType(right);
}

function isFree(type: CelType): boolean {
  return type.kind === 'simple' && type.free === true;
}

function bindParameter(name: string, given: CelType, bindings: Bindings): boolean {
  const bound = bindings.get(name);
  if (bound === undefined) {
    bindings.set(name, given);
    return true;
  }
  const joined = join(bound, given);
  if (joined === undefined) return false;
  bindings.set(name, joined);
  return true;
}

function isNull(type: CelType): boolean {
  return type.kind === 'simple' && type.name === 'null_type';
}

function acceptsNull(type: CelType): boolean {
  // To cel-go an optional is an opaque type.
  if (type.kind === 'object' || type.kind === 'opaque' || type.kind === 'optional') return true;
  return type.kind === 'simple' && ['null_type', 'duration', 'timestamp'].includes(type.name);
}

/** The common type of both, where `dyn` wins; undefined if there is none. */
export function join(left: CelType, right: CelType): CelType | undefined {
  return joinSimple(left, right) ?? joinInside(left, right);
}

function joinSimple(left: CelType, right: CelType): CelType | undefined {
  if (isFree(left)) return right;
  if (isFree(right)) return left;
  if (isDyn(left) || isDyn(right)) return dynType;
  if (isNull(left) && acceptsNull(right)) return right;
  return isNull(right) && acceptsNull(left) ? left : undefined;
}

function joinInside(left: CelType, right: CelType): CelType | undefined {
  if (left.kind === 'list' && right.kind === 'list') {
    const items = join(left.items, right.items);
    return items === undefined ? undefined : listOf(items);
  }
  if (left.kind === 'map' && right.kind === 'map') {
    const keys = join(left.keys, right.keys);
    const values = join(left.values, right.values);
    return keys === undefined || values === undefined ? undefined : mapOf(keys, values);
  }
  if (left.kind === 'optional' && right.kind === 'optional') {
    const of = join(left.of, right.of);
    return of === undefined ? undefined : optionalOf(of);
  }
  return isAssignable(left, right, new Map()) ? left : undefined;
}
