import type { Declarations } from '@slipway/cel';
import {
  boolType,
  type CelType,
  dynType,
  intType,
  LazyMap,
  listOf,
  mapOf,
  objectType,
  parseType,
  stringType,
  timestampType,
  Undecided,
  type Value,
} from '@slipway/cel';
import type { AdmissionRequest } from './admission.ts';

const kindType = objectType('kubernetes.GroupVersionKind', {
  group: stringType,
  version: stringType,
  kind: stringType,
});
const resourceType = objectType('kubernetes.GroupVersionResource', {
  group: stringType,
  version: stringType,
  resource: stringType,
});

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/cel/compile.go#L54 */
const requestType = objectType('kubernetes.AdmissionRequest', {
  kind: kindType,
  resource: resourceType,
  subResource: stringType,
  requestKind: kindType,
  requestResource: resourceType,
  requestSubResource: stringType,
  name: stringType,
  namespace: stringType,
  operation: stringType,
  userInfo: objectType('kubernetes.UserInfo', {
    username: stringType,
    uid: stringType,
    groups: listOf(stringType),
    extra: mapOf(stringType, listOf(stringType)),
  }),
  dryRun: boolType,
  options: dynType,
});

const namespaceType = objectType('kubernetes.Namespace', {
  metadata: objectType('kubernetes.NamespaceMetadata', {
    name: stringType,
    generateName: stringType,
    namespace: stringType,
    labels: mapOf(stringType, stringType),
    annotations: mapOf(stringType, stringType),
    UID: stringType,
    creationTimestamp: timestampType,
    deletionGracePeriodSeconds: intType,
    deletionTimestamp: timestampType,
    generation: intType,
    resourceVersion: stringType,
    finalizers: listOf(stringType),
  }),
  spec: objectType('kubernetes.NamespaceSpec', { finalizers: listOf(stringType) }),
  status: objectType('kubernetes.NamespaceStatus', {
    conditions: listOf(dynType),
    phase: stringType,
  }),
});

/** What the expressions of a policy may name besides the objects and the request. */
export interface Extras {
  readonly params: boolean;
  /** Whether expressions may use the authorizer. */
  readonly authorizer: boolean;
  /** The type of `object` and `oldObject`; dynamic unless types are checked against a schema. */
  readonly objectType?: CelType;
  readonly paramsType?: CelType;
  /** Absent if no variable can be used. */
  readonly variables?: Readonly<Record<string, CelType>>;
}

export function policyDeclarations(minor: number, extras: Extras): Declarations {
  const { params, authorizer, variables, objectType: object = dynType, paramsType = dynType } = extras;
  const names = new Map<string, CelType>([
    ['object', object],
    ['oldObject', object],
    ['request', requestType],
    ['namespaceObject', namespaceType],
  ]);
  if (variables !== undefined) names.set('variables', objectType('kubernetes.variables', variables));
  if (params) names.set('params', paramsType);
  if (authorizer) {
    names.set('authorizer', parseType('Authorizer'));
    names.set('authorizer.requestResource', parseType('ResourceCheck'));
  }
  return { names, minor };
}

function unknown(subject: string): never {
  throw new Undecided(subject);
}

/**
 * The values of those names; reading what only a cluster knows throws `Undecided`. A class, since one is made for each policy
 * and object, and few of its names are ever read.
 */
export class PolicyNames {
  readonly #request: AdmissionRequest;
  readonly #params: Value | undefined;
  readonly #isCondition: boolean;
  readonly variables: LazyMap;

  /** @param isCondition whether it is for match conditions, to which an API server does not pass the namespace */
  constructor(
    request: AdmissionRequest,
    params: Value | undefined,
    variables: LazyMap,
    isCondition: boolean,
  ) {
    this.#request = request;
    this.#params = params;
    this.variables = variables;
    this.#isCondition = isCondition;
  }

  get object(): Value {
    return this.#request.object;
  }

  get oldObject(): Value {
    return this.#request.oldObject ?? null;
  }

  get request(): Value {
    return requestValue(this.#request);
  }

  get params(): Value {
    return this.#params === undefined ? unknown('the parameters') : this.#params;
  }

  get namespaceObject(): Value {
    return this.#isCondition ? null : namespaceValue(this.#request);
  }

  get authorizer(): Value {
    return unknown('authorizer');
  }

  get 'authorizer.requestResource'(): Value {
    return unknown('authorizer');
  }
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

function requestValue(request: AdmissionRequest): LazyMap {
  const { group, version, name, namespace, operation, kind } = request;
  const gvk = { group, version, kind: kind.kind };
  const gvr = { group, version, resource: kind.plural };
  const sent = request.requestKind === undefined ? version : versionOf(request.requestKind.apiVersion);
  const known: Readonly<Record<string, Value>> = {
    kind: gvk,
    requestKind: { ...gvk, version: sent },
    resource: gvr,
    requestResource: { ...gvr, version: sent },
    name,
    operation,
    ...(namespace === '' ? {} : { namespace }),
  };
  return new LazyMap(key => {
    if (key === 'userInfo' || key === 'options' || key === 'dryRun') unknown(`request.${key}`);
    return Object.hasOwn(known, key) ? known[key] : undefined;
  });
}

function namespaceValue({ kind, namespace, namespaceObject }: AdmissionRequest): Value {
  if (!kind.namespaced) return null;
  if (namespaceObject !== undefined) return namespaceObject;
  const subject = `namespace ${namespace}`;
  const metadata = new LazyMap(key => (key === 'name' ? namespace : unknown(subject)));
  return new LazyMap(key => (key === 'metadata' ? metadata : unknown(subject)));
}
