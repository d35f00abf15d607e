import {
  formatPosition,
  type JsonObject,
  type Path,
  type Position,
  type Problem,
  quote,
} from '@slipway/core';
import {
  isKubernetesObject,
  type KubernetesObject,
  namingProblem,
  objectKey,
  referenceTo,
} from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import { notAnObject } from '../manifests/plain-object.ts';
import { type Origin, positionOfOrigin, type TracedMap, tracedAt, tracedToJson } from '../trace/traced.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** An object that is being rendered, and the manifest that it goes into. */
export interface Draft {
  /** `manifests/api.yaml` */
  readonly file: string;
  readonly traced: TracedMap;
}

/** The object of a draft with what identifies it; undefined, with a problem, if it is not an object with a valid name. */
export function objectOf({ traced }: Draft, report: Report): KubernetesObject | undefined {
  const name = tracedAt(traced, 'metadata', 'name') ?? traced;
  if (name.kind === 'scalar' && name.isBroken) return undefined;
  const object = identityOf(traced);
  if (!isKubernetesObject(object)) {
    report(
      notAnObject(withAllKeys(traced), positionOfOrigin(traced.origin), path => keyPosition(traced, path)),
    );
    return undefined;
  }
  const wrong = namingProblem(object);
  if (wrong === undefined) return object;
  report({
    code: 'object-name-invalid',
    at: positionOfOrigin(name.origin),
    message: `metadata.name ${quote(object.metadata.name)} ${wrong}`,
    remedy: 'use lower-case letters, digits, - and .',
  });
  return undefined;
}

/** Only what identifies an object is converted here, since the rest may be large. */
function identityOf(traced: TracedMap): JsonObject {
  const entries = ['apiVersion', 'kind', 'metadata'].flatMap(key => {
    const value = traced.entries.get(key)?.value;
    return value === undefined ? [] : [[key, tracedToJson(value)]];
  });
  return Object.fromEntries(entries);
}

/** The same with the other keys, of which one may be misspelt. */
function withAllKeys(traced: TracedMap): JsonObject {
  return { ...Object.fromEntries([...traced.entries.keys()].map(key => [key, null])), ...identityOf(traced) };
}

function keyPosition(traced: TracedMap, path: Path): Position {
  const parent = tracedAt(traced, ...path.slice(0, -1).map(String));
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined;
  return positionOfOrigin(entry?.key ?? traced.origin);
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
        at: positionOfOrigin(origin),
        message: `${object.kind} ${quote(object.metadata.name)} is already defined (${formatPosition(positionOfOrigin(first))})`,
        remedy: 'remove or rename one of them',
      });
  }
}
