import { isJsonObject } from '@slipway/core';
import { CONTAINER_LISTS } from '@slipway/kubernetes';
import type { Draft } from './dependent.ts';
import { mergeLabelKeys } from './label-keys.ts';
import { fillPodResources } from './pod-resources.ts';

type Rule = (draft: Draft, minor: number) => void;

/** The first minor versions in which a feature is on by default. */
const RESTART_RULES_SINCE = 35;
const ATTRIBUTES_CLASSES_SINCE = 34;
const MAX_UNAVAILABLE_SINCE = 37;
const VOLUME_LIMITS_SINCE = 37;

/**
 * What an API server fills in or drops depending on its version, by type; run after the defaults that all versions have. Fields that
 * are dropped whatever is beside them are in schemas/dropped-fields.ts.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/core/pod/strategy.go#L87 and its neighbours
 */
export const versionedDefaults: Readonly<Record<string, Rule>> = {
  'core.v1.PodSpec': podSpec,
  'core.v1.Container': withoutEmptyLifecycle,
  'core.v1.EphemeralContainer': withoutEmptyLifecycle,
  'apps.v1.StatefulSetUpdateStrategy': statefulSetStrategy,
  'storage.v1.CSIDriverSpec': (draft, minor) => {
    if (minor >= VOLUME_LIMITS_SINCE) draft['preventPodSchedulingIfMissing'] ??= false;
  },
};

/** The same for objects themselves: the templates of pods and claims in a workload stay as they were written. */
export const versionedRoots: Readonly<Record<string, Rule>> = {
  'core.v1.Pod': pod,
  'core.v1.PersistentVolume': volume,
  'core.v1.PersistentVolumeClaim': claim,
};

function pod(draft: Draft, minor: number): void {
  if (!isJsonObject(draft['spec'])) return;
  const labels = isJsonObject(draft['metadata']) ? draft['metadata']['labels'] : undefined;
  const spec: Draft = { ...draft['spec'] };
  mergeLabelKeys(spec, isJsonObject(labels) ? labels : {}, minor);
  fillPodResources(spec, minor);
  draft['spec'] = spec;
}

function podSpec(draft: Draft, minor: number): void {
  if (minor < RESTART_RULES_SINCE) dropRestartPolicies(draft);
}

function eachContainer(draft: Draft, change: (container: Draft, list: string) => void): void {
  for (const list of CONTAINER_LISTS) {
    const containers = draft[list];
    if (Array.isArray(containers))
      for (const container of containers) if (isJsonObject(container)) change(container as Draft, list);
  }
}

/** Only an init container that runs beside the others had one of its own. */
function dropRestartPolicies(draft: Draft): void {
  eachContainer(draft, (container, list) => {
    const isSidecar = list === 'initContainers' && container['restartPolicy'] === 'Always';
    if (!isSidecar) delete container['restartPolicy'];
  });
}

/** When the signal is dropped, which is all that there was, so is what it was in. */
function withoutEmptyLifecycle(draft: Draft): void {
  const { lifecycle } = draft;
  if (isJsonObject(lifecycle) && Object.keys(lifecycle).length === 0) delete draft['lifecycle'];
}

function volume(draft: Draft, minor: number): void {
  if (minor < ATTRIBUTES_CLASSES_SINCE && isJsonObject(draft['spec']))
    delete (draft['spec'] as Draft)['volumeAttributesClassName'];
}

function claim(draft: Draft, minor: number): void {
  volume(draft, minor);
  const spec = draft['spec'];
  if (!isJsonObject(spec)) return;
  const reference = spec['dataSourceRef'];
  // A claim may not take data from another namespace: that feature is not on by default in any version yet.
  if (isJsonObject(reference) && reference['namespace']) delete (spec as Draft)['dataSourceRef'];
}

function statefulSetStrategy(draft: Draft, minor: number): void {
  const rolling = draft['rollingUpdate'];
  if (minor >= MAX_UNAVAILABLE_SINCE && draft['type'] === 'RollingUpdate' && isJsonObject(rolling))
    draft['rollingUpdate'] = { maxUnavailable: 1, ...rolling };
}
