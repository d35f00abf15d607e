import {
  formatPosition,
  isKubernetesObject,
  type JsonValue,
  type KubernetesObject,
  objectKey,
  type Problem,
  quote,
  referenceTo,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { namingProblem } from '../kubernetes/object-names.ts';
import { notAnObject } from '../manifests/plain-object.ts';
import { type Origin, placeOfOrigin, type TracedMap, tracedAt, tracedToJson } from '../trace/traced.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** An object that is being rendered, and the manifest that it goes into. */
export interface Draft {
  /** `manifests/api.yaml` */
  readonly file: string;
  readonly traced: TracedMap;
}

/** What identifies a draft's object, if it is one with a valid name; otherwise a problem is reported. */
export function objectOf({ traced }: Draft, report: Report): KubernetesObject | undefined {
  const name = tracedAt(traced, 'metadata', 'name') ?? traced;
  if (name.kind === 'scalar' && name.isBroken) return undefined;
  const object = identityOf(traced);
  if (!isKubernetesObject(object)) {
    report(notAnObject(object, placeOfOrigin(traced.origin)));
    return undefined;
  }
  const wrong = namingProblem(object);
  if (wrong === undefined) return object;
  report({
    code: 'object-name-invalid',
    at: placeOfOrigin(name.origin),
    message: `metadata.name ${quote(object.metadata.name)} ${wrong}`,
    remedy: 'use lower-case letters, digits, - and .',
  });
  return undefined;
}

/** Only what names an object is looked at here; the rest may be large. */
function identityOf(traced: TracedMap): JsonValue {
  const entries = ['apiVersion', 'kind', 'metadata'].flatMap(key => {
    const value = traced.entries.get(key)?.value;
    return value === undefined ? [] : [[key, tracedToJson(value)]];
  });
  return Object.fromEntries(entries);
}

/** Reports objects that are defined a second time. */
export class Twins {
  readonly #seen = new Map<string, Origin>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  add({ traced: { origin } }: Draft, object: KubernetesObject): void {
    const key = objectKey(referenceTo(object));
    const first = this.#seen.get(key);
    if (first === undefined) this.#seen.set(key, origin);
    else
      this.#report({
        code: 'object-duplicate',
        at: placeOfOrigin(origin),
        message: `${object.kind} ${quote(object.metadata.name)} is defined already (${formatPosition(placeOfOrigin(first))})`,
        remedy: 'remove or rename one of them',
      });
  }
}
