import type { JsonObject } from '@slipway/core';

/**
 * What the checks know about the form of a value. Built-in kinds and CustomResourceDefinitions are both converted to it, so that one
 * walk checks both and another fills in what admission would see.
 */
export type Schema = ScalarSchema | ListSchema | MapSchema | ObjectSchema | AnySchema;

export type ScalarType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'int32'
  | 'number'
  | 'quantity'
  | 'int-or-text'
  | 'time'
  | 'base64';

export interface ScalarSchema {
  readonly form: 'scalar';
  readonly type: ScalarType;
  readonly limits?: Limits;
}

export interface ListSchema {
  readonly form: 'list';
  readonly items: Schema;
  readonly limits?: Limits;
}

export interface MapSchema {
  readonly form: 'map';
  readonly values: Schema;
  readonly limits?: Limits;
}

export interface ObjectSchema {
  readonly form: 'object';
  /** `core.v1.Container`; empty for a custom resource. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly string[];
  /** The fields that the API server drops before policies see them; see dropped-fields.ts. */
  readonly dropped?: readonly string[];
  /** Whether a custom resource's schema has `x-kubernetes-preserve-unknown-fields`. */
  readonly open?: boolean;
  /** Whether a custom resource's schema has `x-kubernetes-embedded-resource`. */
  readonly embedded?: boolean;
  readonly limits?: Limits;
}

export interface AnySchema {
  readonly form: 'any';
  /** For `additionalProperties: true`: maps in it may have no entry. */
  readonly closed?: boolean;
  readonly limits?: Limits;
}

export interface Property {
  readonly schema: Schema;
  /** What admission sees if there is no value; see catalog-file.ts. */
  readonly empty: 'keep' | 'drop' | 'fill' | 'zero' | 'null';
  /** The default that the schema itself declares. */
  readonly fallback?: unknown;
}

/** What a custom resource's schema requires of a value beyond its type. */
export interface Limits {
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** The schema itself, if it has rarer keywords than these; see logic.ts. */
  readonly source?: JsonObject;
}

export interface KindSchema {
  readonly apiVersion: string;
  readonly kind: string;
  /** The plural, as in paths of the API: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly builtIn: boolean;
  readonly schema: ObjectSchema | AnySchema;
  /** For a custom resource: `openAPIV3Schema` as it was written. */
  readonly source?: JsonObject;
  /** Whether a webhook converts between the versions of the kind. */
  readonly converted?: boolean;
  /** For a custom resource: the paths that its subresource `scale` reads. */
  readonly scale?: JsonObject;
  /** Whether what is created or updated has no status: it is written through a path of its own. */
  readonly dropsStatus: boolean;
}
