import { apiGroup, isJsonObject, type JsonObject, type KubernetesObject } from '@slipway/core';
import type { Discovery } from '../findings.ts';
import type { LabelSelector } from '../policies/resources.ts';
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
  const autoscalers = autoscalersByTarget(all);
  return all.workloads
    .filter(({ subject }) => isReplicated(subject.view))
    .map(workload => {
      const replicas = fewestReplicas(workload, autoscalers);
      return [workload.subject, judge(replicas, guarded.has(workload))] as const;
    });
}

function isReplicated({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersion === 'apps/v1' && (kind === 'Deployment' || kind === 'StatefulSet');
}

function judge(replicas: number, isGuarded: boolean): readonly Discovery[] {
  // Nothing at all is on purpose.
  if (replicas === 0) return [];
  if (replicas === 1)
    return [
      {
        rule: 'workloads/replicas',
        severity: 'warning',
        message: 'only one pod runs, so that every update of its node interrupts it',
        fix: disruptionRules.replicas.fix,
        pointer: '/spec/replicas',
      },
    ];
  if (isGuarded) return [];
  return [
    {
      rule: 'workloads/disruption-budget',
      severity: 'warning',
      message:
        'no PodDisruptionBudget protects the pods, so that an update of nodes may stop all of them at once',
      fix: disruptionRules['disruption-budget'].fix,
      pointer: '/spec/replicas',
    },
  ];
}

/** What an autoscaler keeps it at, or what it says itself. */
function fewestReplicas(
  { subject, namespace }: Workload,
  autoscalers: ReadonlyMap<string, JsonObject>,
): number {
  const { kind, metadata, spec } = subject.view;
  const autoscaler = autoscalers.get(targetKey(namespace, kind, metadata.name));
  return Number((autoscaler === undefined ? inside(spec)['replicas'] : autoscaler['minReplicas']) ?? 1);
}

function autoscalersByTarget(all: Neighbourhood): ReadonlyMap<string, JsonObject> {
  return new Map(
    all.subjects.flatMap(({ view }) => {
      if (view.kind !== 'HorizontalPodAutoscaler' || !isJsonObject(view['spec'])) return [];
      const { kind, name } = inside(view['spec']['scaleTargetRef']);
      return [[targetKey(all.namespaceOf(view), String(kind), String(name)), view['spec']] as const];
    }),
  );
}

function targetKey(...parts: string[]): string {
  return parts.join('\0');
}

function guardedBy(view: KubernetesObject, all: Neighbourhood): readonly Workload[] {
  if (view.kind !== 'PodDisruptionBudget' || apiGroup(view.apiVersion) !== 'policy') return [];
  const { selector } = inside(view['spec']);
  return isJsonObject(selector) ? all.selectedBy(selector as LabelSelector, all.namespaceOf(view)) : [];
}
