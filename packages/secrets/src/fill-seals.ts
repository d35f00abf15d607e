import {
  describeObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KubernetesObject,
  parsePointer,
  type Seal,
  SlipwayError,
  valueAt,
} from '@slipway/core';
import type { SecretsErrorCode } from './error-codes.ts';

/** The part of a seal that says where a value goes. */
export type SealedPlace = Pick<Seal, 'pointer' | 'standIn' | 'word' | 'placement'>;

/**
 * The object with its secrets in place; the given one is left as it is. The stand-ins of a scalar are all found before the
 * first is replaced, so that a secret which looks like another's stand-in stays what it is.
 * @param seals those of this object
 * @throws SlipwayError `secret-place-changed` where a stand-in is not in its place exactly once
 */
export function fillSeals(
  object: KubernetesObject,
  seals: readonly SealedPlace[],
  values: ReadonlyMap<string, string>,
): KubernetesObject {
  const byPointer = Map.groupBy(seals, seal => seal.pointer);
  let filled: JsonValue = object;
  for (const [pointer, places] of byPointer) {
    const path = parsePointer(pointer);
    const text = filledText(object, pointer, places, values);
    filled = replaceAt(filled, path, text);
  }
  return filled as KubernetesObject;
}

function filledText(
  object: KubernetesObject,
  pointer: string,
  places: readonly SealedPlace[],
  values: ReadonlyMap<string, string>,
): string {
  const scalar = valueAt(object, parsePointer(pointer));
  if (typeof scalar !== 'string') throw changed(object, pointer);
  const isData = places[0]?.placement === 'data';
  const template = isData ? Buffer.from(scalar, 'base64').toString('utf8') : scalar;
  const found = places.map(({ standIn, word }) => {
    const start = template.indexOf(standIn);
    const value = values.get(word);
    const once = start >= 0 && template.indexOf(standIn, start + 1) < 0;
    if (!once || value === undefined) throw changed(object, pointer);
    return { start, end: start + standIn.length, value };
  });
  const text = splice(template, found);
  return isData ? Buffer.from(text, 'utf8').toString('base64') : text;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

function splice(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, value } of [...replacements].sort((a, b) => a.start - b.start)) {
    result += text.slice(position, start) + value;
    position = end;
  }
  return result + text.slice(position);
}

function replaceAt(value: JsonValue, [step, ...rest]: readonly string[], text: string): JsonValue {
  if (step === undefined) return text;
  if (Array.isArray(value))
    return (value as JsonValue[]).map((item, index) =>
      String(index) === step ? replaceAt(item, rest, text) : item,
    );
  const object: JsonObject = isJsonObject(value) ? value : {};
  return { ...object, [step]: replaceAt(object[step] ?? null, rest, text) };
}

function changed(object: KubernetesObject, pointer: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'secret-place-changed',
    message: `${describeObject({ ...object, name: object.metadata.name })} has no stand-in at ${pointer}, where a secret goes`,
    remedy: 'render again, and change stencils instead of manifests',
  });
}
