import { quote } from '@slipway/core';
import { isKnownAutoscaler, type KubernetesObject, scaleTargetOf } from '@slipway/kubernetes';
import type { Discovery } from '../../findings.ts';
import type { Subject } from '../../subject.ts';
import { Neighbourhood } from '../neighbourhood.ts';
import { checkPods } from './pods.ts';
import { missing } from './rules.ts';
import { SELECTOR_CHECKS } from './selectors.ts';
import { SERVICE_CHECKS } from './services.ts';

/** The pack `references`: what objects say about each other that is not true. */
export function checkReferences(
  subjects: readonly Subject[],
  namespace: string,
): (readonly [Subject, readonly Discovery[]])[] {
  const all = new Neighbourhood(subjects, namespace);
  const checks = [...SERVICE_CHECKS, ...SELECTOR_CHECKS, checkAutoscaler];
  const ofObjects = subjects.map(
    subject => [subject, checks.flatMap(check => check(subject.view, all))] as const,
  );
  return [
    ...ofObjects,
    ...all.workloads.map(workload => [workload.subject, checkPods(workload, all)] as const),
  ];
}

function checkAutoscaler(object: KubernetesObject, all: Neighbourhood): Discovery[] {
  const target = isKnownAutoscaler(object) ? scaleTargetOf(object) : undefined;
  if (target === undefined || target.kind === '') return [];
  const { apiVersion, kind, name } = target;
  if (all.find({ ...target, namespace: all.namespaceOf(object) }) !== undefined) return [];
  const message = `there is no ${quote(kind)} ${quote(name)} of ${quote(apiVersion)} among these manifests`;
  const made = all.madeWorkload(all.namespaceOf(object));
  return missing('autoscaler-target', '/spec/scaleTargetRef/name', message, made);
}
