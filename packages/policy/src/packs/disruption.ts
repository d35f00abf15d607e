import {
  apiGroup,
  fewestReplicas,
  type KubernetesObject,
  keyOf,
  parseSelector,
  scaleTargetKey,
  scaleTargetOf,
} from '@slipway/kubernetes';
import type { Discovery } from '../findings.ts';
import type { Subject } from '../subject.ts';
import { disruptionRules } from './disruption-rules.ts';
import { Neighbourhood, type Workload } from './neighbourhood.ts';
import { inside } from './pod-templates.ts';

/** The rules of the pack `workloads` that look at several objects: replicas, and the budget that protects them. */
export function checkDisruption(
  subjects: readonly Subject[],
  namespace: string,
): (readonly [Subject, readonly Discovery[]])[] {
  const all = new Neighbourhood(subjects, namespace);
  const guarded = new Set(subjects.flatMap(({ view }) => guardedBy(view, all)));
  const scaled = fewestByTarget(all);
  return all.workloads
    .filter(({ subject }) => isReplicated(subject.view))
    .map(workload => {
      const replicas = fewestPods(workload, scaled);
      return [workload.subject, judge(replicas, guarded.has(workload))] as const;
    });
}

function isReplicated({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersion === 'apps/v1' && (kind === 'Deployment' || kind === 'StatefulSet');
}

function judge(replicas: number, isGuarded: boolean): readonly Discovery[] {
  // Zero replicas are intended.
  if (replicas === 0) return [];
  if (replicas === 1)
    return [
      {
        rule: 'workloads/replicas',
        severity: 'warning',
        message: 'only one pod runs, so every update of its node interrupts it',
        fix: disruptionRules.replicas.fix,
        pointer: '/spec/replicas',
      },
    ];
  if (isGuarded) return [];
  return [
    {
      rule: 'workloads/disruption-budget',
      severity: 'warning',
      message: 'no PodDisruptionBudget protects the pods, so an update of nodes may stop all of them at once',
      fix: disruptionRules['disruption-budget'].fix,
      pointer: '/spec/replicas',
    },
  ];
}

/** The fewest replicas that an autoscaler keeps of each workload, by the key of the workload. */
function fewestByTarget(all: Neighbourhood): ReadonlyMap<string, number> {
  return new Map(
    all.subjects.flatMap(({ view }) => {
      const [target, fewest] = [scaleTargetOf(view), fewestReplicas(view)];
      if (target === undefined || fewest === undefined) return [];
      return [[scaleTargetKey(view, target, all.namespaceOf(view)), fewest] as const];
    }),
  );
}

/** The fewest pods of a workload: what an autoscaler keeps, or what the workload itself says. */
function fewestPods({ subject, namespace }: Workload, scaled: ReadonlyMap<string, number>): number {
  return scaled.get(keyOf(subject.view, namespace)) ?? Number(inside(subject.view['spec'])['replicas'] ?? 1);
}

function guardedBy(view: KubernetesObject, all: Neighbourhood): readonly Workload[] {
  if (view.kind !== 'PodDisruptionBudget' || apiGroup(view.apiVersion) !== 'policy') return [];
  const { selector } = inside(view['spec']);
  return all.selectedBy(parseSelector(selector), all.namespaceOf(view));
}
