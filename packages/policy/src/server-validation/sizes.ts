import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import { type KubernetesObject, kindKey, objectAt } from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';
import { conflicting, invalidName, type Refusal } from './refusal.ts';

const MAX_DATA = 1024 * 1024;
const MAX_ANNOTATIONS = 256 * 1024;
const MAX_KEY = 253;

/**
 * The sizes that an API server takes: 256 KiB of annotations, and 1 MiB of values in a ConfigMap or Secret.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go#L7790
 */
export function validateSizes(object: KubernetesObject): Refusal[] {
  const annotations = objectAt(object, 'metadata', 'annotations') ?? {};
  const size = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + textSize(value),
    0,
  );
  return [
    ...(size > MAX_ANNOTATIONS ? [tooLarge(['metadata', 'annotations'], size, MAX_ANNOTATIONS)] : []),
    ...validateData(object),
  ];
}

function validateData(object: KubernetesObject): Refusal[] {
  const kind = kindKey(object);
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  const data = mapAt(object, 'data');
  const binary = kind === 'ConfigMap' ? mapAt(object, 'binaryData') : {};
  const plain = Object.values(data).reduce<number>(
    (sum, value) => sum + (kind === 'Secret' ? decodedSize(value) : textSize(value)),
    0,
  );
  const size = Object.values(binary).reduce<number>((sum, value) => sum + decodedSize(value), plain);
  return [
    ...(size > MAX_DATA ? [tooLarge(['data'], size, MAX_DATA)] : []),
    ...Object.keys(data).flatMap(key => keyProblems(['data', key], key)),
    ...Object.keys(binary).flatMap(key => keyProblems(['binaryData', key], key)),
    ...Object.keys(binary)
      .filter(key => Object.hasOwn(data, key))
      .map(key => conflicting(['binaryData', key], 'is in "data" as well', ['data', key])),
  ];
}

function mapAt(object: KubernetesObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/validation/validation.go#L396 */
function keyProblems(path: Path, key: string): Refusal[] {
  const isValid =
    key.length <= MAX_KEY && /^[-._a-zA-Z0-9]+$/.test(key) && key !== '.' && !key.startsWith('..');
  if (isValid) return [];
  const form = `must be a key of at most ${MAX_KEY} letters, digits, dashes, underscores or dots, and not start with two dots`;
  return [invalidName(path, form)];
}

function textSize(value: JsonValue | undefined): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : 0;
}

function decodedSize(value: JsonValue | undefined): number {
  return typeof value === 'string' ? Buffer.byteLength(value, 'base64') : 0;
}

function tooLarge(path: Path, size: number, limit: number): Refusal {
  return {
    rule: 'schema/too-large',
    message: `${fieldName(path)} is ${size} bytes, and an API server takes ${limit} at most`,
    fix: 'make it smaller, or split the object',
    path,
  };
}
