import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** In a dotenv file each field of the metadata is a line, with its path in the name. */
const PREFIX = 'sops_';
const STEP = /__(map|list)_/;

/** What the lines of the metadata say as one object, their values as they are; undefined if there is none. */
export function readDotenvMetadata(lines: readonly string[]): JsonObject | undefined {
  if (!lines.some(line => line.startsWith(`${PREFIX}mac=`))) return undefined;
  const root: Branch = { names: new Map() };
  for (const line of lines) {
    if (!isMetadataLine(line)) continue;
    const equals = line.indexOf('=');
    const name = line.slice(PREFIX.length, Math.max(PREFIX.length, equals));
    place(root, name.split(STEP), line.slice(equals + 1).trimEnd());
  }
  return toObject(root);
}

export function isMetadataLine(line: string): boolean {
  return line.startsWith(PREFIX);
}

/** The lines for an object, as sops flattens it. https://github.com/getsops/sops/blob/v3.13.3/stores/flatten.go */
export function dotenvMetadata(metadata: JsonObject): string[] {
  return Object.entries(metadata).flatMap(([name, value]) => flattened(`${PREFIX}${name}`, value));
}

function flattened(name: string, value: JsonValue): string[] {
  if (Array.isArray(value))
    return (value as JsonValue[]).flatMap((item, index) => flattened(`${name}__list_${index}`, item));
  if (!isJsonObject(value)) return [`${name}=${String(value)}`];
  return Object.entries(value).flatMap(([key, item]) => flattened(`${name}__map_${key}`, item));
}

interface Branch {
  value?: string;
  /** Names of a map, or positions of a list. */
  readonly names: Map<string, Branch>;
  isList?: boolean;
}

/** @param steps a name, and then pairs of the kind of step and its name */
function place(root: Branch, steps: readonly string[], value: string): void {
  let branch = child(root, steps[0] ?? '');
  for (let index = 1; index < steps.length; index += 2) {
    branch.isList = steps[index] === 'list';
    branch = child(branch, steps[index + 1] ?? '');
  }
  branch.value = value;
}

function child({ names }: Branch, name: string): Branch {
  const found = names.get(name) ?? { names: new Map() };
  names.set(name, found);
  return found;
}

function toObject({ names }: Branch): JsonObject {
  return Object.fromEntries([...names].map(([name, branch]) => [name, toValue(branch)]));
}

function toValue(branch: Branch): JsonValue {
  if (branch.names.size === 0) return branch.value ?? '';
  if (branch.isList !== true) return toObject(branch);
  return [...branch.names]
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, item]) => toValue(item));
}
