import { parseSignature, type Signature } from '../types/signature.ts';
import type { CelType } from '../types/types.ts';
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
} from '../values/values.ts';

type Run = (...values: never[]) => Value;
/** The cost of a call beyond that of its arguments, computed from them and the result. */
export type Cost = (values: readonly Value[], result: Value) => number;

export interface Overload extends Signature {
  run(...values: readonly Value[]): Value;
  /** Absent for a cost of 1. */
  readonly cost?: Cost;
  /** For each parameter whether a value is of its type. */
  readonly accepts: readonly ((value: Value) => boolean)[];
}

/** The functions of one library, as `[signature, implementation, cost?]`. */
export interface Library {
  /** The minor version of Kubernetes that introduced it; policies may use it from the next one on. */
  readonly since: number;
  /** The last minor version whose functions are these; all versions if there is none. */
  readonly until?: number;
  readonly functions: readonly (readonly [signature: string, run: Run, cost?: Cost])[];
}

export function overloadsOf(libraries: readonly Library[]): ReadonlyMap<string, readonly Overload[]> {
  const table = new Map<string, Overload[]>();
  for (const [text, run, cost] of libraries.flatMap(({ functions }) => functions)) {
    const signature = parseSignature(text);
    const overload: Overload = {
      ...signature,
      run: run as unknown as Overload['run'],
      accepts: signature.parameters.map(typeTest),
      ...(cost === undefined ? {} : { cost }),
    };
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

/** Whether a value is of a type, judged by its outermost form and, as in cel-go, by the first item of a list. */
function typeTest(type: CelType): (value: Value) => boolean {
  switch (type.kind) {
    case 'parameter':
      return () => true;
    case 'list':
      return listTest(type.items);
    case 'map':
    case 'object':
      return isMap;
    case 'optional':
      return value => value instanceof Optional;
    case 'type':
      return value => value instanceof TypeValue;
    case 'opaque': {
      const Class = opaqueClasses[type.name];
      return value => Class !== undefined && value instanceof Class;
    }
    default:
      return simpleTests[type.name];
  }
}

function listTest(items: CelType): (value: Value) => boolean {
  // A list of lists is not looked into: `flatten` keeps items of other types.
  if (items.kind === 'parameter' || items.kind === 'list') return Array.isArray;
  const test = typeTest(items);
  return value => Array.isArray(value) && (value.length === 0 || test(fromJson(value[0] as Value)));
}

const simpleTests = {
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
