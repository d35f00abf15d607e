import { apiGroup, type KubernetesObject } from '@slipway/core';
import type { Discovery } from '../findings.ts';
import type { LabelSelector } from '../policies/resources.ts';
import { selectorKeys, selects } from '../policies/selectors.ts';
import type { Subject } from '../subject.ts';
import { Neighbourhood, type Workload } from './neighbourhood.ts';
import { inside } from './pod-templates.ts';

/** The rules of the pack `workloads` that look at several objects: replicas, and the budget that protects them. */
export function checkDisruption(
  subjects: readonly Subject[],
  namespace: string,
): (readonly [Subject, Discovery[]])[] {
  const all = new Neighbourhood(subjects, namespace);
  return all.workloads
    .filter(({ subject }) => isReplicated(subject.view))
    .map(workload => [workload.subject, checkWorkload(workload, all)] as const);
}

function isReplicated({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersion === 'apps/v1' && (kind === 'Deployment' || kind === 'StatefulSet');
}

function checkWorkload(workload: Workload, all: Neighbourhood): Discovery[] {
  const { view } = workload.subject;
  const replicas = fewestReplicas(view, all);
  // Nothing at all is on purpose.
  if (replicas === 0) return [];
  if (replicas === 1)
    return [
      {
        rule: 'workloads/replicas',
        severity: 'warning',
        message: 'only one pod runs, so that every update of its node interrupts it',
        fix: 'set spec.replicas to 2 or more',
        pointer: '/spec/replicas',
      },
    ];
  if (isProtected(workload, all)) return [];
  return [
    {
      rule: 'workloads/disruption-budget',
      severity: 'warning',
      message:
        'no PodDisruptionBudget protects the pods, so that an update of nodes may stop all of them at once',
      fix: 'add a PodDisruptionBudget whose selector matches the labels of its pods',
      pointer: '/spec/replicas',
    },
  ];
}

/** What an autoscaler keeps it at, or what it says itself. */
function fewestReplicas(view: KubernetesObject, all: Neighbourhood): number {
  const autoscaler = all.subjects
    .map(subject => subject.view)
    .find(object => object.kind === 'HorizontalPodAutoscaler' && targets(object, view, all));
  const spec = inside((autoscaler ?? view)['spec']);
  return Number((autoscaler === undefined ? spec['replicas'] : spec['minReplicas']) ?? 1);
}

function targets(autoscaler: KubernetesObject, view: KubernetesObject, all: Neighbourhood): boolean {
  const { kind, name } = inside(inside(autoscaler['spec'])['scaleTargetRef']);
  return (
    kind === view.kind && name === view.metadata.name && all.namespaceOf(autoscaler) === all.namespaceOf(view)
  );
}

function isProtected({ template, namespace }: Workload, all: Neighbourhood): boolean {
  return all.subjects.some(({ view }) => {
    if (
      view.kind !== 'PodDisruptionBudget' ||
      apiGroup(view.apiVersion) !== 'policy' ||
      all.namespaceOf(view) !== namespace
    )
      return false;
    const selector = inside(view['spec'])['selector'] as LabelSelector | undefined;
    return selectorKeys(selector).length > 0 && selects(selector, template.labels);
  });
}
