import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parsePointer,
  type Seal,
  SlipwayError,
  valueAt,
} from '@slipway/core';
import { describeObject, type KubernetesObject } from '@slipway/kubernetes';
import type { SecretsErrorCode } from '../error-codes.ts';
import { textOf } from './encode.ts';

/** What a seal says about where a value goes. */
export type SealedPart = Pick<Seal, 'pointer' | 'standIn' | 'word' | 'placement'>;

/**
 * The object with its secrets in place; the given one is left as it is. The stand-ins of a scalar are all found before the
 * first is replaced, so that a secret which looks like another's stand-in stays what it is.
 * @param seals those of this object
 * In `data` a secret may be any bytes; `stringData` is text.
 * @throws SlipwayError `secret-place-changed` where a stand-in is not at its pointer exactly once, `secret-not-text`
 */
export function fillSeals(
  object: KubernetesObject,
  seals: readonly SealedPart[],
  values: ReadonlyMap<string, Uint8Array>,
): KubernetesObject {
  const byPointer = Map.groupBy(seals, seal => seal.pointer);
  let filled: JsonValue = object;
  for (const [pointer, parts] of byPointer) {
    const path = parsePointer(pointer);
    const text = filledText(object, pointer, parts, values);
    filled = replaceAt(filled, path, text);
  }
  return filled as KubernetesObject;
}

function filledText(
  object: KubernetesObject,
  pointer: string,
  parts: readonly SealedPart[],
  values: ReadonlyMap<string, Uint8Array>,
): string {
  const scalar = valueAt(object, parsePointer(pointer));
  if (typeof scalar !== 'string') throw changed(object, pointer);
  const isData = parts[0]?.placement === 'data';
  const template = Buffer.from(scalar, isData ? 'base64' : 'utf8');
  const found = parts.map(({ standIn, word }) => {
    const start = template.indexOf(standIn);
    const value = values.get(word);
    const once = start >= 0 && template.indexOf(standIn, start + 1) < 0;
    if (!once || value === undefined) throw changed(object, pointer);
    return { start, end: start + Buffer.byteLength(standIn), value, word };
  });
  if (!isData) refuseBytes(object, pointer, found);
  const content = splice(template, found);
  return content.toString(isData ? 'base64' : 'utf8');
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly value: Uint8Array;
  readonly word: string;
}

function refuseBytes(object: KubernetesObject, pointer: string, replacements: readonly Replacement[]): void {
  for (const { value, word } of replacements)
    try {
      textOf(value);
    } catch (cause) {
      throw new SlipwayError<SecretsErrorCode>(
        {
          code: 'secret-not-text',
          message: `secret.${word} is not text, but ${pointer} of ${describeObject({ ...object, name: object.metadata.name })} must be`,
          remedy: 'put it into "data" as the whole scalar, or use "as: base64"',
        },
        { cause },
      );
    }
}

function splice(template: Buffer, replacements: readonly Replacement[]): Buffer {
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const { start, end, value } of [...replacements].sort((a, b) => a.start - b.start)) {
    parts.push(template.subarray(position, start), value);
    position = end;
  }
  return Buffer.concat([...parts, template.subarray(position)]);
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
