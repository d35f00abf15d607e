import type { JsonObject } from '@slipway/core';

/**
 * What the checks know of a value's form. Built-in kinds and CustomResourceDefinitions are both brought into it, so that one
 * walk checks either and another fills in what admission would see.
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
  /** `core.v1.Container`, or of a custom resource the empty text. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly string[];
  /** A custom resource's `x-kubernetes-preserve-unknown-fields`. */
  readonly open?: boolean;
  /** A custom resource's `x-kubernetes-embedded-resource`. */
  readonly embedded?: boolean;
  readonly limits?: Limits;
}

export interface AnySchema {
  readonly form: 'any';
  /** Of `additionalProperties: true`: maps in it may have no entry. */
  readonly closed?: boolean;
  readonly limits?: Limits;
}

export interface Property {
  readonly schema: Schema;
  /** What stands in the object that admission sees where there is no value; see catalog-file.ts. */
  readonly empty: 'keep' | 'drop' | 'fill' | 'zero' | 'null';
  /** Declared by the schema itself. */
  readonly fallback?: unknown;
}

/** What a custom resource's schema asks of a value beyond its type. */
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
  /** The schema itself, if it has words that are rarer than these; see logic.ts. */
  readonly source?: JsonObject;
}

export interface KindSchema {
  readonly apiVersion: string;
  readonly kind: string;
  /** As in the path of the API: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly builtIn: boolean;
  readonly schema: ObjectSchema | AnySchema;
  /** Of a custom resource: `openAPIV3Schema` as it was written. */
  readonly source?: JsonObject;
  /** Whether a webhook converts between its versions. */
  readonly converted?: boolean;
}
