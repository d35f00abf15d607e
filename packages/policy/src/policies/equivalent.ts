import { isDeepStrictEqual } from 'node:util';
import { apiGroup } from '@slipway/kubernetes';
import type { KindSchema, ObjectSchema, Schema } from '../schemas/schema.ts';
import type { AdmissionRequest } from './admission.ts';

/**
 * Whether an object of one version of a kind is the same in another but for its `apiVersion`: where both have the same schema, and
 * no webhook converts between them. Only an API server can convert what differs.
 */
export function isSameInBoth(one: KindSchema, other: KindSchema): boolean {
  if (one.source !== undefined || other.source !== undefined)
    return one.converted !== true && isDeepStrictEqual(one.source, other.source);
  return sameSchema(one.schema, other.schema, new Map());
}

/** @param assumed pairs that are being compared already, because types may contain themselves */
function sameSchema(one: Schema, other: Schema, assumed: Map<Schema, Schema>): boolean {
  if (one === other || assumed.get(one) === other) return true;
  assumed.set(one, other);
  if (one.form === 'scalar') return other.form === 'scalar' && one.type === other.type;
  if (one.form === 'list') return other.form === 'list' && sameSchema(one.items, other.items, assumed);
  if (one.form === 'map') return other.form === 'map' && sameSchema(one.values, other.values, assumed);
  if (one.form === 'object') return other.form === 'object' && sameObject(one, other, assumed);
  return other.form === 'any';
}

function sameObject(one: ObjectSchema, other: ObjectSchema, assumed: Map<Schema, Schema>): boolean {
  if (one.properties.size !== other.properties.size) return false;
  return [...one.properties].every(([name, property]) => {
    const counterpart = other.properties.get(name);
    return counterpart !== undefined && sameSchema(property.schema, counterpart.schema, assumed);
  });
}

/** The request as a policy sees it whose rules name another version of the kind. */
export function asVersion(request: AdmissionRequest, kind: KindSchema): AdmissionRequest {
  const { apiVersion } = kind;
  const { object, oldObject } = request;
  return {
    ...request,
    kind,
    requestKind: request.kind,
    group: apiGroup(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    object: { ...object, apiVersion },
    ...(oldObject === undefined ? {} : { oldObject: { ...oldObject, apiVersion } }),
  };
}
