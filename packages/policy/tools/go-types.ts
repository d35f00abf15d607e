import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What becomes of a field without a value when Go writes the object: `drop` leaves out false, 0, "" and empty lists and maps;
 * `keep` writes what is there and nothing else; `fill` writes an empty struct; `zero` writes the scalar's zero; `null` writes null.
 */
export type EmptyField = 'drop' | 'keep' | 'fill' | 'zero' | 'null';

/** By `<group>.<version>.<Type>`, then by JSON name. */
export type GoTypes = ReadonlyMap<string, ReadonlyMap<string, EmptyField>>;

interface GoField {
  readonly json: string;
  readonly type: string;
  readonly options: readonly string[];
}

interface GoPackage {
  readonly structs: Map<string, GoField[]>;
  /** Named types that are not structs, such as `Protocol`, and their underlying types. */
  readonly aliases: Map<string, string>;
}

export function readGoTypes(modules: readonly (readonly [prefix: string, folder: string])[]): GoTypes {
  const found = new Map<string, ReadonlyMap<string, EmptyField>>();
  for (const [prefix, folder] of modules) {
    const groups = prefix === '' ? readdirSync(folder).filter(name => /^[a-z0-9]+$/.test(name)) : ['.'];
    for (const group of groups) addGroup(found, prefix === '' ? `${group}.` : prefix, join(folder, group));
  }
  return found;
}

function addGroup(found: Map<string, ReadonlyMap<string, EmptyField>>, prefix: string, folder: string): void {
  for (const version of readdirSync(folder).filter(name => /^v\d/.test(name))) {
    const files = readdirSync(join(folder, version)).filter(name => /^types\w*\.go$/.test(name));
    const goPackage = parseGo(
      files.map(name => readFileSync(join(folder, version, name), 'utf8')).join('\n'),
    );
    for (const name of goPackage.structs.keys())
      found.set(`${prefix}${version}.${name}`, new Map(fieldsOf(goPackage, name)));
  }
}

function parseGo(source: string): GoPackage {
  const structs = new Map<string, GoField[]>();
  const aliases = new Map<string, string>();
  for (const match of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm))
    structs.set(match[1] as string, parseFields(match[2] as string));
  for (const match of source.matchAll(/^type (\w+) (?!struct|interface)(\S+)$/gm))
    aliases.set(match[1] as string, match[2] as string);
  return { structs, aliases };
}

function parseFields(body: string): GoField[] {
  return body.split('\n').flatMap(line => {
    const match = /^\s*(?:\w+\s+)?([\w.*[\]]+)\s+`.*?json:"([^"]*)"/.exec(line);
    if (match === null) return [];
    const [json = '', ...options] = (match[2] as string).split(',');
    return [{ json, type: match[1] as string, options }];
  });
}

function fieldsOf(goPackage: GoPackage, name: string): [string, EmptyField][] {
  return (goPackage.structs.get(name) ?? []).flatMap(field => {
    if (field.options.includes('inline') || field.json === '')
      return fieldsOf(goPackage, field.type.replace(/^\*/, ''));
    return field.json === '-' ? [] : [[field.json, whenEmpty(goPackage, field)] as [string, EmptyField]];
  });
}

const scalars = /^(?:bool|string|u?int(?:8|16|32|64)?|float(?:32|64)|byte|types\.UID|ResourceName)$/;

function whenEmpty(goPackage: GoPackage, { type, options }: GoField): EmptyField {
  const underlying = resolveAlias(goPackage, type);
  const omitted = options.includes('omitempty') || options.includes('omitzero');
  if (underlying.startsWith('*')) return 'keep';
  if (/^(?:\[\]|map\[)/.test(underlying)) return omitted ? 'drop' : 'null';
  if (scalars.test(underlying) || isForeignScalar(type)) return omitted ? 'drop' : 'zero';
  // A struct: `omitempty` never leaves it out, `omitzero` does. Times write null instead of an empty struct.
  if (options.includes('omitzero')) return 'keep';
  if (/(?:^|\.)(?:Micro)?Time$/.test(type)) return 'null';
  if (/(?:Quantity|IntOrString|RawExtension|Duration|JSON|FieldsV1)$/.test(type)) return 'keep';
  return 'fill';
}

function resolveAlias(goPackage: GoPackage, type: string): string {
  const next = goPackage.aliases.get(type);
  return next === undefined ? type : resolveAlias(goPackage, next);
}

/** Named scalars of other packages that fields of k8s.io/api use. */
function isForeignScalar(type: string): boolean {
  return /^(?:v1|corev1|core|metav1|apiv1)\.(?:Protocol|ResourceName|ConditionStatus|PersistentVolume\w*Policy|LabelSelectorOperator|ManagedFieldsOperationType|StatusReason|NodeSelectorOperator|TaintEffect|PreemptionPolicy|PodPhase|PodConditionType|\w+Type)$/.test(
    type,
  );
}
