import { parseSignature, type Signature } from './signature.ts';
import type { CelType } from './types.ts';
import {
  AddressValue,
  Double,
  Duration,
  FormatValue,
  fromJson,
  isMap,
  NetworkValue,
  Optional,
  QuantityValue,
  SemverValue,
  Timestamp,
  TypeValue,
  Uint,
  UrlValue,
  type Value,
} from './values.ts';

type Run = (...values: never[]) => Value;
/** What a call costs beyond its arguments, given them and the result. */
export type Cost = (values: readonly Value[], result: Value) => number;

export interface Overload extends Signature {
  run(...values: readonly Value[]): Value;
  readonly cost: Cost;
}

/** The functions of one library, as `[signature, implementation, cost?]`. */
export interface Library {
  /** The minor version of Kubernetes whose policies may use it first. */
  readonly since: number;
  readonly functions: readonly (readonly [signature: string, run: Run, cost?: Cost])[];
}

const flatCost: Cost = () => 1;

export function overloadsOf(libraries: readonly Library[]): ReadonlyMap<string, readonly Overload[]> {
  const table = new Map<string, Overload[]>();
  for (const [text, run, cost = flatCost] of libraries.flatMap(({ functions }) => functions)) {
    const signature = parseSignature(text);
    const overload: Overload = { ...signature, run: run as unknown as Overload['run'], cost };
    table.set(signature.name, [...(table.get(signature.name) ?? []), overload]);
  }
  return table;
}

const opaqueClasses: Readonly<Record<string, abstract new (...values: never[]) => unknown>> = {
  'kubernetes.Quantity': QuantityValue,
  'net.IP': AddressValue,
  'net.CIDR': NetworkValue,
  'kubernetes.URL': UrlValue,
  'kubernetes.Semver': SemverValue,
  'kubernetes.NamedFormat': FormatValue,
};

/** Whether a value is of a type, as far as its outermost form and, like in cel-go, the first item of a list tell. */
export function hasType(value: Value, type: CelType): boolean {
  switch (type.kind) {
    case 'parameter':
      return true;
    case 'list':
      return Array.isArray(value) && startsWith(value, type.items);
    case 'map':
    case 'object':
      return isMap(value);
    case 'optional':
      return value instanceof Optional;
    case 'type':
      return value instanceof TypeValue;
    case 'opaque': {
      const Class = opaqueClasses[type.name];
      return Class !== undefined && value instanceof Class;
    }
    default:
      return simpleChecks[type.name](value);
  }
}

function startsWith(list: readonly Value[], items: CelType): boolean {
  const [first] = list;
  return first === undefined || items.kind === 'parameter' || hasType(fromJson(first), items);
}

const simpleChecks = {
  dyn: () => true,
  null_type: (value: Value) => value === null,
  bool: (value: Value) => typeof value === 'boolean',
  int: (value: Value) => typeof value === 'bigint',
  uint: (value: Value) => value instanceof Uint,
  double: (value: Value) => value instanceof Double,
  string: (value: Value) => typeof value === 'string',
  bytes: (value: Value) => value instanceof Uint8Array,
  duration: (value: Value) => value instanceof Duration,
  timestamp: (value: Value) => value instanceof Timestamp,
};
