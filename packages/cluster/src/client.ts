import type { JsonObject } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';

/** A kind as the API server's discovery describes it. */
export interface ApiResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** The plural in paths, such as `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Whether it has the subresource `scale`, by which autoscalers set its replicas. */
  readonly scalable: boolean;
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
  /** Takes over fields that other managers own. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** How a whole object is written. */
export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
}

export interface AppliedObject {
  readonly object: KubernetesObject;
  /** Whether the object did not exist before. */
  readonly created: boolean;
}

export interface DeleteOptions {
  /** Deletes only if the live object still has this UID. */
  readonly uid?: string;
  /** Deletes only if the live object has not changed since this version. */
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
  /** Reads the log of the container's previous run instead. */
  readonly previous?: boolean;
  readonly tailLines: number;
  readonly limitBytes: number;
}

/** An HTTP GET to a Service, sent through the API server. */
export interface ServiceRequest {
  readonly namespace: string;
  readonly service: string;
  /** Name or number; empty if the Service's only port has no name. */
  readonly port: string;
  readonly scheme: 'http' | 'https';
  /** Starts with a slash and includes the query. */
  readonly path: string;
  /** The caller must refuse `Authorization`, `Impersonate-…` and the like: the API server would read them as its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** How much of the body to read. */
  readonly limitBytes: number;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly text: string;
}

/** What bounds the requests of a client in time, such as a lock. */
export interface Limit {
  /** Aborts requests and the waits between their attempts, with its reason as the error. */
  readonly signal: AbortSignal;
  /** Called before each attempt; throws once nothing may be sent any more, even if the signal is late. */
  check(): void;
  /** Called when an attempt to write ends without an answer, so that it may still reach the server. */
  unanswered(): void;
}

/**
 * One cluster as raw JSON, so that no field is lost that a generated model does not know. Every method rejects with
 * a SlipwayError (`ClusterErrorCode`): `cluster-unreachable`, `cluster-unauthorized`, `cluster-forbidden`, `cluster-exists`,
 * `cluster-conflict`, `cluster-field-conflict` (server-side apply, with the managers' names), `cluster-not-found`,
 * `cluster-refused` (with the server's message), `cluster-unknown-kind`. `get` resolves to undefined if the object does not
 * exist, and deleting an object that does not exist is not an error.
 */
export interface ClusterClient {
  readonly server: string;
  /** The minor version that the server runs, such as `1.36`. */
  readonly kubernetesVersion: string;
  /** When the login ends that nothing renews in this run; undefined where it is renewed, or does not say when. */
  readonly loginEnds?: Date | undefined;
  resource(apiVersion: string, kind: string): Promise<ApiResource>;
  get(reference: ObjectReference): Promise<KubernetesObject | undefined>;
  list(query: ListQuery): Promise<ObjectList>;
  /** Like `list`, but each item has only `metadata`, so that large objects are not transferred. */
  listMetadata(query: ListQuery): Promise<ObjectList>;
  /** Events since `resourceVersion`, until the signal aborts or the server ends the watch; on `cluster-expired`, list again. */
  watch(query: ListQuery, resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Server-side apply. */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<AppliedObject>;
  create(object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  /** Replaces the object; with `metadata.resourceVersion`, only if it has not changed since. */
  update(object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  /** A JSON merge patch (RFC 7386). */
  patch(
    reference: ObjectReference,
    patch: JsonObject,
    options?: { readonly dryRun?: boolean },
  ): Promise<KubernetesObject>;
  delete(reference: ObjectReference, options?: DeleteOptions): Promise<void>;
  /** The OpenAPI v3 of a group and version, which describes custom resources; undefined if there is none or it may not be read. */
  openApi(apiVersion: string): Promise<JsonObject | undefined>;
  /** Creates a review, such as a SelfSubjectAccessReview, and returns its `status`. */
  review(question: JsonObject): Promise<JsonObject>;
  logs(query: LogQuery): Promise<string>;
  /** Any HTTP status is an answer: the Service's, or the API server's if it could not reach the Service. */
  askService(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer>;
  /** The same client, whose requests are bounded by this limit instead of an earlier one. */
  within(limit: Limit): ClusterClient;
  /** Closes idle connections, which would keep the process alive for a while. */
  close(): void;
}
