import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  timestampType,
  typeType,
  uintType,
} from './types.ts';

const named: Readonly<Record<string, CelType>> = {
  dyn: dynType,
  null: nullType,
  bool: boolType,
  int: intType,
  uint: uintType,
  double: doubleType,
  string: stringType,
  bytes: bytesType,
  duration: durationType,
  timestamp: timestampType,
  type: typeType,
  Quantity: { kind: 'opaque', name: 'kubernetes.Quantity' },
  IP: { kind: 'opaque', name: 'net.IP' },
  CIDR: { kind: 'opaque', name: 'net.CIDR' },
  URL: { kind: 'opaque', name: 'kubernetes.URL' },
  Semver: { kind: 'opaque', name: 'kubernetes.Semver' },
  Authorizer: { kind: 'opaque', name: 'kubernetes.authorization.Authorizer' },
  PathCheck: { kind: 'opaque', name: 'kubernetes.authorization.PathCheck' },
  GroupCheck: { kind: 'opaque', name: 'kubernetes.authorization.GroupCheck' },
  ResourceCheck: { kind: 'opaque', name: 'kubernetes.authorization.ResourceCheck' },
  Decision: { kind: 'opaque', name: 'kubernetes.authorization.Decision' },
  Format: { kind: 'opaque', name: 'kubernetes.NamedFormat' },
};

export interface Signature {
  readonly name: string;
  readonly member: boolean;
  /** The types of the parameters, the receiver first. */
  readonly parameters: readonly CelType[];
  readonly result: CelType;
}

/** Reads `string.contains(string): bool` and `sets.contains(list<T>, list<T>): bool`; what is not a type before the dot is part of the name. */
export function parseSignature(text: string): Signature {
  const match = /^(?:(.+)\.)?([^.(]+)\((.*)\): (.+)$/.exec(text);
  if (match === null) throw new TypeError(`not a signature: ${text}`);
  const [, before, name = '', parameters = '', result = ''] = match;
  const receiver = before === undefined ? undefined : tryParseType(before);
  const listed = splitTypes(parameters).map(parseType);
  return {
    name: before !== undefined && receiver === undefined ? `${before}.${name}` : name,
    member: receiver !== undefined,
    parameters: receiver === undefined ? listed : [receiver, ...listed],
    result: parseType(result),
  };
}

function tryParseType(text: string): CelType | undefined {
  const inner = /^(list|map|optional)<(.+)>$/.exec(text);
  if (inner !== null) return parseGeneric(inner[1] as string, splitTypes(inner[2] as string).map(parseType));
  if (/^[A-Z]$/.test(text)) return { kind: 'parameter', name: text };
  return named[text];
}

export function parseType(text: string): CelType {
  const type = tryParseType(text);
  if (type === undefined) throw new TypeError(`not a type: ${text}`);
  return type;
}

function parseGeneric(name: string, [first = dynType, second = dynType]: readonly CelType[]): CelType {
  if (name === 'list') return listOf(first);
  return name === 'map' ? mapOf(first, second) : optionalOf(first);
}

/** Splits at the commas outside of brackets. */
function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter === '<') depth += 1;
    if (letter === '>') depth -= 1;
    if (letter !== ',' || depth > 0) continue;
    parts.push(text.slice(start, index).trim());
    start = index + 1;
  }
  const last = text.slice(start).trim();
  return last === '' ? parts : [...parts, last];
}
