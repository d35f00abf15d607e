import { canonicalJson, isJsonObject, type JsonObject, type JsonValue, sha256 } from '@slipway/core';
import { isSecret, type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import type { Discovery } from './findings.ts';
import { namedSteps, type Step } from './named-steps.ts';
import type { Subject } from './subject.ts';

/** A GitHub user, or a team as `organisation/team`; with or without `@`. */
const APPROVER = /^@?[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9._-]+)?$/;

/** The users and teams that an annotation `slipway.dev/sign-off` names; undefined if there are none, or one cannot be a user or team. */
export function parseApprovers(annotation: string): readonly string[] | undefined {
  const names = annotation
    .split(/[\s,]+/)
    .filter(name => name !== '')
    .map(name => name.replace(/^@/, ''));
  return names.length > 0 && names.every(name => APPROVER.test(name)) ? names : undefined;
}

/**
 * What an approval is given for: the rule, the object, and the value before and after. It is the same for a check of
 * files and for one against a cluster, so nothing that the API server adds counts: only fields that were written do. Where
 * an image is not resolved yet its name alone counts. Values of Secrets are left out, since a short one could be guessed from its
 * hash.
 */
export function signOffFingerprint({ checked, view, old }: Subject, { rule, pointer }: Discovery): string {
  const { object } = checked;
  const steps = namedSteps(view, pointer);
  const written = at(object, steps);
  const values = isSecret(object)
    ? []
    : [old && writtenPart(at(old, steps), written), writtenPart(at(view, steps), written)];
  const path = steps.map(({ key, name }) => (name === undefined ? key : `[${name}]`));
  return sha256(
    canonicalJson([
      rule,
      objectKey(referenceTo({ ...object, metadata: view.metadata })),
      path,
      values.map(value => value ?? null),
    ] as JsonValue),
  );
}

/** The value at the steps; an item with a name is found by it, whatever its index. */
function at(object: KubernetesObject, steps: readonly Step[]): JsonValue | undefined {
  let current: JsonValue | undefined = object;
  for (const { key, name } of steps) {
    if (isJsonObject(current)) current = Object.hasOwn(current, key) ? current[key] : undefined;
    else if (Array.isArray(current)) current = itemOf(current, key, name);
    else return undefined;
  }
  return current;
}

function itemOf(list: readonly JsonValue[], key: string, name: string | undefined): JsonValue | undefined {
  if (name === undefined) return list[Number(key)];
  return list.find(item => isJsonObject(item) && item['name'] === name);
}

/** The part of a value that the manifest has too; if the manifest does not have the value at all, only a scalar. */
function writtenPart(value: JsonValue | undefined, written: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    const shape: readonly JsonValue[] = Array.isArray(written) ? written : [];
    return value.flatMap((item, index) => writtenPart(item as JsonValue, shape[index]) ?? []);
  }
  if (isJsonObject(value)) {
    const shape: JsonObject = isJsonObject(written) ? written : {};
    const kept = Object.keys(shape).filter(key => Object.hasOwn(value, key));
    return Object.fromEntries(kept.map(key => [key, writtenPart(value[key], shape[key]) ?? null]));
  }
  return typeof value === 'string' ? value.replace(/(?:@sha256:[0-9a-f]{64}|:unresolved)$/, '') : value;
}
