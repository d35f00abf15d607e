import { didYouMean, quote, type StepStrategy } from '@slipway/core';
import {
  describeBriefly,
  type KubernetesObject,
  type ObjectReference,
  referenceTo,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { isDeployment } from './pods-of.ts';
import type { NamedWorkload, StepWorkload } from './step-workload.ts';

/** The refusal of a workload that is named twice. */
export function repeated({ name, pointer }: NamedWorkload): StepsProblem {
  return {
    ...{ code: 'steps-workload-unknown', pointer },
    message: `the Deployment ${quote(name)} is named twice`,
    remedy: 'name it once',
  };
}

/** The refusal of a name that no Deployment has. */
export function unknown(workloads: readonly KubernetesObject[], name: string, pointer: string): StepsProblem {
  const names = workloads.filter(isDeployment).map(({ metadata }) => metadata.name);
  // Also where the kind is written before it, as kubectl does.
  const meant = didYouMean(name.replace(/^.*\//, ''), names);
  const known = names.length === 0 ? 'it has none at all' : `name one of ${names.join(', ')}`;
  return {
    ...{ code: 'steps-workload-unknown', pointer },
    message: `the release has no Deployment ${quote(name)}`,
    remedy: meant === '' ? known : meant,
  };
}

/** The refusal of a workload that was named, and cannot have a copy. */
export function cannot(object: ObjectReference, reason: string, pointer: string): StepsProblem {
  return {
    ...{ code: 'steps-workload-unfit', object, pointer },
    message: `${describeBriefly(object)} cannot go in steps: ${reason}`,
    remedy: 'take it out of workloads, so that it is written at the commit, or change it',
  };
}

/** The refusal of a workload that no Service sends to. */
export function withoutService(object: KubernetesObject, pointer: string): StepsProblem {
  const { name } = object.metadata;
  return {
    ...{ code: 'steps-worker', pointer },
    message: `no Service of the release selects ${describeBriefly(referenceTo(object))}, so that no share of traffic can go to its copy`,
    remedy: `if its pods fetch their work themselves, write {name: ${name}, takes-work: true}`,
  };
}

/** What a workload cannot have that works as soon as it runs. */
export function ofWorker(
  { object, takesWork }: StepWorkload,
  { steps, workloads }: StepStrategy,
): StepsProblem[] {
  if (!takesWork) return [];
  const what = describeBriefly(referenceTo(object));
  const index = (workloads ?? []).findIndex(
    entry => typeof entry !== 'string' && entry.name === object.metadata.name,
  );
  const full = steps.findIndex(({ weight }) => weight === 100);
  const isDark = steps.every(({ weight }) => weight === 0);
  if (full < 0 && !isDark) return [];
  return [
    {
      code: 'steps-worker',
      pointer: isDark ? `/workloads/${index}` : `/steps/${full}/weight`,
      message: isDark
        ? `${what} takes work, and would get no copy by steps of weight 0 alone`
        : `${what} takes work, so that stable would go on working at a weight of 100`,
      remedy: isDark ? 'add a step with a weight, or take it out of workloads' : 'use weights up to 50',
    },
  ];
}
