import type { JsonObject, KubernetesObject, ObjectReference } from '@slipway/core';

/** What the API server says of a kind. */
export interface ApiResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** The plural in paths, such as `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly KubernetesObject[];
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface AppliedObject {
  readonly object: KubernetesObject;
  /** Whether there was none before. */
  readonly created: boolean;
}

export interface DeleteOptions {
  /** Only if the live object still has this UID. */
  readonly uid?: string;
  /** Only if nobody changed it since. */
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubernetesObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the container's previous run. */
  readonly previous?: boolean;
  readonly tailLines: number;
  readonly limitBytes: number;
}

/** A question for a Service, asked through the API server. */
export interface ServiceRequest {
  readonly namespace: string;
  readonly service: string;
  /** Name or number; empty for the one port without a name. */
  readonly port: string;
  readonly scheme: 'http' | 'https';
  /** Begins with a slash; with its query. */
  readonly path: string;
  /** The API server takes `Authorization`, `Impersonate-…` and the like for itself: they are the caller's to refuse. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the answer's body. */
  readonly limitBytes: number;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One cluster, seen through raw JSON, so that no field is lost that a generated model does not know. Every method rejects with
 * a SlipwayError (`ClusterErrorCode`): `cluster-unreachable`, `cluster-unauthorized`, `cluster-forbidden`, `cluster-exists`,
 * `cluster-conflict`, `cluster-field-conflict` (server-side apply, with the managers' names), `cluster-not-found`,
 * `cluster-refused` (the server's message in it), `cluster-unknown-kind`; `get` resolves to undefined where there is no such
 * object, and deleting what is gone is no error.
 */
export interface ClusterClient {
  readonly server: string;
  /** The minor version that the server runs, such as `1.36`. */
  readonly kubernetesVersion: string;
  resource(apiVersion: string, kind: string): Promise<ApiResource>;
  get(reference: ObjectReference): Promise<KubernetesObject | undefined>;
  list(query: ListQuery): Promise<ObjectList>;
  /** The same with nothing but `metadata` in each item, whatever the size of the objects. */
  listMetadata(query: ListQuery): Promise<ObjectList>;
  /** From `resourceVersion` on, until the signal aborts or the server ends it; `cluster-expired` asks for a new list. */
  watch(query: ListQuery, resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Server-side apply. */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<AppliedObject>;
  create(object: KubernetesObject, options?: { readonly fieldManager?: string }): Promise<KubernetesObject>;
  /** Replaces the object; with `metadata.resourceVersion` only if nobody else did. */
  update(object: KubernetesObject): Promise<KubernetesObject>;
  /** A JSON merge patch (RFC 7386). */
  patch(reference: ObjectReference, patch: JsonObject): Promise<KubernetesObject>;
  delete(reference: ObjectReference, options?: DeleteOptions): Promise<void>;
  /** The OpenAPI v3 of a group and version, which tells of custom resources; undefined where there is none, or not for us. */
  openApi(apiVersion: string): Promise<JsonObject | undefined>;
  /** Asks a question that is an object, such as a SelfSubjectAccessReview; gives its `status`. */
  review(question: JsonObject): Promise<JsonObject>;
  logs(query: LogQuery): Promise<string>;
  /** Any status is an answer; it is the Service's, or the API server's where that could not be reached. */
  askService(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer>;
  /** Closes the idle connections, which keep a process alive for a while. */
  close(): void;
}
