/** Where the pods of a workload are described; a Pod describes itself. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  Pod: [],
  PodTemplate: ['template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  // Argo Rollouts' stand-in for a Deployment.
  Rollout: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
};

/** Keys that lead to `metadata` and `spec` of a kind's pods; undefined for kinds without any. */
export function podTemplatePath(kind: string): readonly string[] | undefined {
  return Object.hasOwn(templatePaths, kind) ? templatePaths[kind] : undefined;
}
