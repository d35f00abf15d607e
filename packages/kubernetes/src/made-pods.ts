import { kindKey } from './kinds.ts';
import type { KubernetesObject } from './object.ts';
import { type LabelSelector, selects } from './selectors.ts';

type Labels = Readonly<Record<string, string>>;

/** A label that controllers add to pods, with the values that it may have; undefined where that is any. */
export type AddedLabel = readonly [key: string, values?: RegExp];

/** The labels that a scheduler copies from the node: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ */
const OF_NODES: readonly AddedLabel[] = [['topology.kubernetes.io/zone'], ['topology.kubernetes.io/region']];
const REVISION: AddedLabel = ['controller-revision-hash'];
const TEMPLATE_HASH: AddedLabel = ['pod-template-hash'];
const INDEX = /^\d+$/;
const JOB_NAME = 'batch.kubernetes.io/job-name';

/**
 * The labels that controllers add to the pods of a workload.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/ and the documentation of each kind
 */
export function addedLabels(workload: KubernetesObject): readonly AddedLabel[] {
  return [...ofWorkload(workload), ...OF_NODES];
}

function ofWorkload(workload: KubernetesObject): readonly AddedLabel[] {
  const { name } = workload.metadata;
  switch (kindKey(workload)) {
    case 'StatefulSet.apps':
    case 'StatefulSet.apps.kruise.io':
      return [
        ['statefulset.kubernetes.io/pod-name', new RegExp(`^${escapePattern(name)}-\\d+$`)],
        ['apps.kubernetes.io/pod-index', INDEX],
        REVISION,
      ];
    case 'DaemonSet.apps':
    case 'DaemonSet.apps.kruise.io':
      return [REVISION, ['pod-template-generation', INDEX]];
    case 'Deployment.apps':
    case 'ReplicaSet.apps':
      return [TEMPLATE_HASH];
    case 'Rollout.argoproj.io':
      return [['rollouts-pod-template-hash'], TEMPLATE_HASH];
    case 'CloneSet.apps.kruise.io':
      return [REVISION, ['apps.kruise.io/cloneset-instance-id']];
    case 'Job.batch':
      return jobLabels(new RegExp(`^${escapePattern(name)}$`));
    case 'CronJob.batch':
      return jobLabels(new RegExp(`^${escapePattern(name)}-\\d+$`));
    default:
      return [];
  }
}

function jobLabels(names: RegExp): readonly AddedLabel[] {
  return [
    ['job-name', names],
    [JOB_NAME, names],
    ['controller-uid'],
    ['batch.kubernetes.io/controller-uid'],
    ['batch.kubernetes.io/job-completion-index', INDEX],
  ];
}

/** The label selector that finds the pods of a Job. */
export function podsOfJob(name: string): string {
  return `${JOB_NAME}=${name}`;
}

/** Names may contain dots, which patterns read as any letter. */
function escapePattern(name: string): string {
  return name.replace(/[^a-zA-Z0-9-]/g, '\\$&');
}

/** Whether a selector matches pods with these labels, or could match one of them by a label that a controller adds. */
export function selectsPods(selector: LabelSelector, labels: Labels, added: readonly AddedLabel[]): boolean {
  const wanted = added
    .filter(([key]) => !Object.hasOwn(labels, key))
    .map(([key, values]) => [key, valueFor(selector, key, values)] as const);
  return selects(selector, { ...Object.fromEntries(wanted), ...labels });
}

/** A value that the label may have and that the selector asks for; otherwise one that no selector asks for. */
function valueFor(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  key: string,
  values?: RegExp,
): string {
  const asked = [
    ...(Object.hasOwn(matchLabels, key) ? [matchLabels[key] ?? ''] : []),
    ...matchExpressions.flatMap(({ key: of, operator, values: listed = [] }) =>
      of === key && operator === 'In' ? listed : [],
    ),
  ];
  return asked.find(value => values === undefined || values.test(value)) ?? ' ';
}
