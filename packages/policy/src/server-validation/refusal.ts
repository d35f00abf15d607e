import type { Path } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';

export type RefusalRule =
  | 'schema/duplicate-item'
  | 'schema/invalid-name'
  | 'schema/too-large'
  | 'schema/invalid-value'
  | 'schema/missing-field'
  | 'schema/conflicting-fields'
  | 'schema/selector-mismatch'
  | 'schema/missing-volume';

/** Why an API server refuses an object whose fields all have the types of the schema. */
export interface Refusal {
  readonly rule: RefusalRule;
  readonly message: string;
  readonly fix?: string;
  /** The path of the value; of a missing field, where it should be. */
  readonly path: Path;
  /** The path of the other value, where two cannot be together. */
  readonly other?: Path;
}

/** What an API server validates an object by, beside the object. */
export interface ValidationContext {
  /** The minor version of Kubernetes. */
  readonly minor: number;
  /** The object that it replaces: what that already has is not refused for a feature that is off. */
  readonly old?: KubernetesObject;
}

/** What one part of the server's own validation says of an object with its defaults. */
export type Validation = (object: KubernetesObject, context: ValidationContext) => readonly Refusal[];

/** @param what the end of a sentence, such as `must be at least 1` */
export function invalid(path: Path, what: string): Refusal {
  return { rule: 'schema/invalid-value', message: `${fieldName(path)} ${what}`, path };
}

/** @param what the end of a sentence, or one of Kubernetes' own that names its subject, such as `a valid label must …` */
export function invalidName(path: Path, what: string): Refusal {
  const colon = /^a /i.test(what) ? ':' : '';
  return { rule: 'schema/invalid-name', message: `${fieldName(path)}${colon} ${what}`, path };
}

/** @param path of the field that is not there */
export function missing(path: Path, why = ''): Refusal {
  const parent = path.slice(0, -1);
  const where = parent.length === 0 ? 'the object' : fieldName(parent);
  return {
    rule: 'schema/missing-field',
    message: `${where} lacks "${String(path.at(-1))}"${why === '' ? '' : `, ${why}`}`,
    fix: `add "${String(path.at(-1))}"`,
    path,
  };
}

/** @param what the end of a sentence, such as `must not be set when strategy.type is Recreate` */
export function conflicting(path: Path, what: string, other?: Path): Refusal {
  return {
    rule: 'schema/conflicting-fields',
    message: `${fieldName(path)} ${what}`,
    fix: 'remove one of the two',
    path,
    ...(other === undefined ? {} : { other }),
  };
}
