import type { JsonObject, JsonValue } from '@slipway/core';
import { controllerOf, type Kind, type KubernetesObject, kindKey } from '@slipway/kubernetes';
import type { ClusterView } from '../../src/status/status.ts';
import { foundBy } from '../../src/watch/label-index.ts';

export const NAMESPACE = 'shop';

interface Meta {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly generation?: number;
  readonly owner?: KubernetesObject;
  readonly deletionTimestamp?: string;
}

/** An object as the API server answers it; its UID is its name. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  { owner, ...meta }: Meta = {},
  rest: JsonObject = {},
): KubernetesObject {
  const reference = owner && {
    kind: owner.kind,
    name: owner.metadata.name,
    uid: uid(owner),
    controller: true,
  };
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: NAMESPACE,
      uid: `uid-${name}`,
      ...(meta as JsonObject),
      ...(reference === undefined ? {} : { ownerReferences: [reference] }),
    },
    ...rest,
  };
}

function uid(owner: KubernetesObject): string {
  return String(owner.metadata['uid']);
}

/** A cluster that holds just these objects. */
export function cluster(
  objects: readonly KubernetesObject[],
  warnings: Readonly<Record<string, readonly { reason: string; message: string }[]>> = {},
): ClusterView {
  const of = (kind: Kind): KubernetesObject[] =>
    objects.filter(candidate => kindKey(candidate) === kindKey(kind));
  return {
    ownedBy: (controller, kind) => of(kind).filter(candidate => controllerOf(candidate) === uid(controller)),
    list: (kind, namespace) =>
      of(kind).filter(candidate => namespace === '' || candidate.metadata['namespace'] === namespace),
    labelled: (kind, namespace, key, value) =>
      of(kind).filter(
        candidate => candidate.metadata['namespace'] === namespace && foundBy(candidate)[key] === value,
      ),
    warningsAbout: about => warnings[about.metadata.name] ?? [],
    reportsConditions: () => false,
  };
}

export const emptyCluster: ClusterView = cluster([]);

/** One where only the object itself may be read. */
export const blindCluster: ClusterView = {
  ownedBy: () => undefined,
  list: () => undefined,
  labelled: () => undefined,
  warningsAbout: () => [],
  reportsConditions: () => false,
};

export interface ContainerState {
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: JsonObject;
  readonly lastState?: JsonObject;
}

export const RUNNING: ContainerState = { ready: true, started: true, state: { running: {} } };

export function waiting(reason: string, message = ''): ContainerState {
  return { ready: false, state: { waiting: { reason, message } } };
}

export function terminated(exitCode: number, more: JsonObject = {}): JsonObject {
  return { terminated: { exitCode, reason: 'Error', finishedAt: '2026-11-20T10:00:00Z', ...more } };
}

interface PodOptions extends Meta {
  readonly container?: ContainerState;
  readonly init?: ContainerState;
  readonly spec?: JsonObject;
  readonly containerSpec?: JsonObject;
  readonly status?: JsonObject;
}

/** A pod with one container, `main`, that runs unless said otherwise. */
export function pod(name: string, options: PodOptions = {}): KubernetesObject {
  const { container = RUNNING, init, spec, containerSpec, status, ...meta } = options;
  const ready = container.ready === true;
  return object('v1', 'Pod', name, meta, {
    spec: {
      nodeName: 'node-1',
      ...(init === undefined ? {} : { initContainers: [{ name: 'prepare', image: 'shop/prepare:1' }] }),
      containers: [{ name: 'main', image: 'shop/api:1', ...containerSpec }],
      ...spec,
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      ...(init === undefined
        ? {}
        : { initContainerStatuses: [{ name: 'prepare', ...(init as JsonObject) }] }),
      containerStatuses: [{ name: 'main', restartCount: 0, ...(container as JsonObject) }],
      ...status,
    },
  });
}

/** Conditions as Kubernetes writes them: `{Available: 'False MinimumReplicasUnavailable: not enough'}`. */
export function conditions(given: Readonly<Record<string, string>>): readonly JsonValue[] {
  return Object.entries(given).map(([type, text]) => {
    const [, status = '', reason = '', message = ''] = /^(\w+) ?(\w*):? ?(.*)$/.exec(text) ?? [];
    return { type, status, reason, message };
  });
}
