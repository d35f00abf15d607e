import { apiGroup, guessPlural, isNamespace, type KubernetesObject } from '@slipway/kubernetes';
import type { Catalog } from '../schemas/catalog.ts';
import type { KindSchema } from '../schemas/schema.ts';

/** The request that an API server would get: to create or update this object. */
export interface AdmissionRequest {
  readonly kind: KindSchema;
  /** The version of the object as it was sent, if a policy sees it in another one. */
  readonly requestKind?: KindSchema;
  readonly group: string;
  readonly version: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly name: string;
  /** Empty for cluster-scoped objects; for a Namespace its own name, as in the API server. */
  readonly namespace: string;
  readonly object: KubernetesObject;
  readonly oldObject?: KubernetesObject;
  /** Undefined if it is not available here. */
  readonly namespaceObject?: KubernetesObject;
}

export interface AdmissionOptions {
  readonly namespace: string;
  readonly namespaces: ReadonlyMap<string, KubernetesObject>;
}

export function admissionRequest(
  object: KubernetesObject,
  old: KubernetesObject | undefined,
  kind: KindSchema,
  { namespace: fallback, namespaces }: AdmissionOptions,
): AdmissionRequest {
  const own = object.metadata['namespace'];
  const inNamespace = typeof own === 'string' && own !== '' ? own : fallback;
  const namespace = isNamespace(kind) ? object.metadata.name : kind.namespaced ? inNamespace : '';
  const namespaceObject = isNamespace(kind) ? undefined : namespaces.get(namespace);
  return {
    kind,
    group: apiGroup(kind.apiVersion),
    version: kind.apiVersion.slice(kind.apiVersion.indexOf('/') + 1),
    operation: old === undefined ? 'CREATE' : 'UPDATE',
    name: object.metadata.name,
    namespace,
    object,
    ...(old === undefined ? {} : { oldObject: old }),
    ...(namespaceObject === undefined ? {} : { namespaceObject }),
  };
}

/** Kinds that no policy is evaluated for, so that a bad policy can always be removed. */
export function isExempt({ group, kind }: AdmissionRequest): boolean {
  return (
    group === 'admissionregistration.k8s.io' &&
    /^(?:Validating|Mutating)(?:WebhookConfiguration|AdmissionPolicy(?:Binding)?)$/.test(kind.kind)
  );
}

/** The kind of an object. One without a schema is assumed to have a namespace and a regular plural. */
export function guessKind(object: KubernetesObject, catalog: Catalog): KindSchema {
  const known = catalog.find(object.apiVersion, object.kind);
  if (known !== undefined) return known;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    plural: guessPlural(object.kind),
    namespaced: true,
    builtIn: false,
    dropsStatus: false,
    schema: { form: 'any' },
  };
}
