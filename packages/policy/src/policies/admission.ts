import { apiGroup, guessPlural, type KubernetesObject } from '@slipway/kubernetes';
import type { Catalog } from '../schemas/catalog.ts';
import type { KindSchema } from '../schemas/schema.ts';

/** What an API server would be asked: to create or update this object. */
export interface AdmissionRequest {
  readonly kind: KindSchema;
  /** The version of the object as it was sent, if a policy sees it in another one. */
  readonly requestKind?: KindSchema;
  readonly group: string;
  readonly version: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly name: string;
  /** Empty for objects of cluster scope; a Namespace's own name for a Namespace, as the API server has it. */
  readonly namespace: string;
  readonly object: KubernetesObject;
  readonly oldObject?: KubernetesObject;
  /** Undefined where it is not at hand. */
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
  const isNamespace = kind.apiVersion === 'v1' && kind.kind === 'Namespace';
  const inNamespace = typeof own === 'string' && own !== '' ? own : fallback;
  const namespace = isNamespace ? object.metadata.name : kind.namespaced ? inNamespace : '';
  const namespaceObject = isNamespace ? undefined : namespaces.get(namespace);
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

/** Kinds whose objects no policy is asked about, so that a bad one can be taken back. */
export function isExempt({ group, kind }: AdmissionRequest): boolean {
  return (
    group === 'admissionregistration.k8s.io' &&
    /^(?:Validating|Mutating)(?:WebhookConfiguration|AdmissionPolicy(?:Binding)?)$/.test(kind.kind)
  );
}

/** A kind of which there is no schema, as far as its name tells: namespaced, and its plural formed by rule. */
export function guessKind(object: KubernetesObject, catalog: Catalog): KindSchema {
  const known = catalog.find(object.apiVersion, object.kind);
  if (known !== undefined) return known;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    plural: guessPlural(object.kind),
    namespaced: true,
    builtIn: false,
    schema: { form: 'any' },
  };
}
