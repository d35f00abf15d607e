import {
  type Check,
  type PlannedSteps,
  quote,
  type Release,
  type StepStrategy,
  type StrategyStep,
} from '@slipway/core';
import { describeBriefly, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { advice } from '../refusals/advice.ts';
import { beyondSteps } from '../refusals/beyond-steps.ts';
import { singlePods } from '../refusals/one-pod.ts';
import { copySize, realShare } from '../shares/shares.ts';
import type { LeftOut, StepWorkload } from '../workloads/step-workload.ts';
import { peakOf } from './peak.ts';

/** A workload that goes in steps, with the pods that serve now. */
export interface PlannedWorkload extends StepWorkload {
  readonly stable: number;
}

/** What a plan says about the steps of a release. */
export interface StepsToPlan {
  readonly strategy: StepStrategy;
  readonly workloads: readonly PlannedWorkload[];
  readonly leftOut: readonly LeftOut[];
  /** Jobs that run in the first half. */
  readonly firstJobs: readonly KubernetesObject[];
  /** The checks of the formation. */
  readonly checks: readonly Check[];
  readonly prune: Release['prune'];
  readonly onFailure: NonNullable<Release['verify']>['on-failure'];
}

const NOTHING = 'The release has no Deployment that could have a copy';
/** Others may well have one: which names are wrong is refused beside the plan. */
const NONE_NAMED = 'None of the Deployments that workloads names could have a copy';

/** How a release reaches its users, for those who approve it. Without workloads it is an ordinary one, and `ordinary` says why. */
export function plannedSteps(given: StepsToPlan): PlannedSteps {
  const { strategy, workloads, leftOut, firstJobs } = given;
  const { steps } = strategy;
  const planned = workloads.map(workload => sizes(workload, steps));
  const ordinary = leftOut.map(({ object, reason }) => ({ object: { ...object }, reason }));
  const none = strategy.workloads === undefined ? NOTHING : NONE_NAMED;
  if (workloads.length === 0)
    return { first: [], list: [], workloads: [], ordinary, notes: ordinary.length === 0 ? [none] : [] };
  const copies = (index: number): number =>
    Math.max(...(planned[index]?.copies.map(({ pods }) => pods) ?? [0]));
  return {
    first: firstJobs.map(
      job => `runs ${describeBriefly(referenceTo(job))} now; an undo does not take it back`,
    ),
    list: steps.map(stepInWords),
    ...{ workloads: planned, ordinary },
    peak: peakOf(
      workloads.map(({ object, stable }, index) => ({ object, now: stable, copy: copies(index) })),
    ),
    notes: notesOf(given),
  };
}

function sizes(
  { object, stable, takesWork }: PlannedWorkload,
  steps: readonly StrategyStep[],
): PlannedSteps['workloads'][number] {
  return {
    object: referenceTo(object),
    pods: stable,
    ...(takesWork ? { takesWork } : {}),
    copies: steps.map(({ weight }, index) => {
      const pods = takesWork && weight === 0 ? 0 : copySize(weight, stable, steps[index + 1]);
      return { pods, share: weight === 0 ? 0 : weight === 100 ? 100 : rounded(realShare(pods, stable)) };
    }),
  };
}

function rounded(share: number): number {
  return Math.round(share * 10) / 10;
}

/** `50 % for 10m, judged, then waits for commit (decided by @acme/release)` */
function stepInWords({ weight, bake, pause, by = [], not, unwatched }: StrategyStep): string {
  const who = [
    ...(by.length === 0 ? [] : [`by ${by.map(one => quote(one).slice(1, -1)).join(' or ')}`]),
    ...(not === undefined ? [] : ['not by whoever starts it']),
  ].join(', ');
  return [
    `${weight} %${bake === undefined ? '' : ` for ${bake}`}`,
    ...(pause === undefined ? [] : [`then waits for ${pause}${who === '' ? '' : ` (decided ${who})`}`]),
    ...(unwatched === true ? ['no run looks at it meanwhile'] : []),
  ].join(', ');
}

function notesOf({ strategy, workloads, checks, prune, onFailure }: StepsToPlan): string[] {
  const names = workloads.map(({ object }) => object.metadata.name);
  return [
    ...(names.length < 2
      ? []
      : [
          `new ${names.join(' and new ')} first meet at the commit, for all users: until then each meets the old ones as well`,
        ]),
    ...workloads
      .filter(({ takesWork }) => takesWork)
      .map(
        ({ object }) =>
          `the copy of ${object.metadata.name} takes work beside all that take it now: of consumers of partitions, some get none`,
      ),
    ...(prune === 'now' ? ['what leaves the formation is removed after success, and not at once'] : []),
    ...(onFailure === undefined
      ? []
      : [
          `on-failure: ${onFailure} is not asked: what fails before the commit is undone, and after it rolled back`,
        ]),
    ...[
      ...advice(workloads),
      ...singlePods(workloads, strategy, checks),
      ...checks.flatMap(check => beyondSteps(check, names) ?? []),
    ].map(({ message, remedy }) => (remedy === undefined ? message : `${message}; ${remedy}`)),
  ];
}
