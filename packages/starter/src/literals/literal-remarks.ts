import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  type Position,
  quote,
} from '@slipway/core';
import { isSecret, type KubernetesObject } from '@slipway/kubernetes';
import type { Remark } from '../proposal/contribution.ts';
import { looksSecret } from './secret-literals.ts';

/** An object with positions in the files of the repository. */
interface Positioned {
  readonly object: KubernetesObject;
  positionAt(pointer: string): Position;
}

/** Values that are or look like secrets, and texts that another program fills. No remark repeats a value. */
export function literalRemarks(one: Positioned): Remark[] {
  const { object, positionAt } = one;
  if (isSecret(object)) return secretRemarks(one);
  return textsIn(object, []).flatMap(({ name, text, path }): Remark[] => {
    const at = positionAt(formatPointer(path));
    if (looksSecret(name, text)) return [secretRemark(at, name, object)];
    const [placeholder] = text.match(/\$\{[^}\s]*\}/) ?? [];
    return placeholder === undefined ? [] : [placeholderRemark(at, placeholder)];
  });
}

function secretRemarks({ object, positionAt }: Positioned): Remark[] {
  const keys = (['data', 'stringData'] as const).flatMap(field => {
    const values = object[field];
    return isJsonObject(values) ? Object.keys(values).map(key => [field, key] as const) : [];
  });
  return keys.map(path => secretRemark(positionAt(formatPointer(path)), path[1], object));
}

function secretRemark(at: Position, name: string, { kind, metadata }: KubernetesObject): Remark {
  return {
    kind: 'secret',
    at,
    message: `${quote(name)} of ${kind} ${quote(metadata.name)} ${kind === 'Secret' ? 'is a secret' : 'looks like a secret'} in the repository; no file of init repeats it`,
    remedy: 'replace it, and read it from a store (docs/secrets.md)',
  };
}

function placeholderRemark(at: Position, placeholder: string): Remark {
  return {
    kind: 'placeholder',
    at,
    message: `${quote(placeholder)} is sent to the cluster as it is`,
    remedy:
      'if envsubst or a pipeline fills it today, write the value or a word of the config; if it belongs to a script, leave it',
  };
}

interface Text {
  /** What it is called: the key, or the name beside it as in `env`. */
  readonly name: string;
  readonly text: string;
  readonly path: Path;
}

function textsIn(value: JsonValue, path: Path): Text[] {
  if (typeof value === 'string') return [{ name: String(path.at(-1) ?? ''), text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  const named = variableOf(value);
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'value' && named !== undefined && typeof item === 'string'
      ? [{ name: named, text: item, path: [...path, key] }]
      : isReference(path, key)
        ? []
        : textsIn(item, [...path, key]),
  );
}

function variableOf({ name, value }: JsonObject): string | undefined {
  return typeof name === 'string' && typeof value === 'string' ? name : undefined;
}

/** Names of Secrets and their keys are not secrets. */
function isReference(path: Path, key: string): boolean {
  return (
    /^(?:secretKeyRef|secretRef|configMapKeyRef|secretName|imagePullSecrets|metadata|serviceAccountName)$/.test(
      key,
    ) || path.at(-1) === 'selector'
  );
}
