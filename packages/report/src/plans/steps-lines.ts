import { count, type Plan, type PlannedSteps } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';

/**
 * How a release reaches its users, before what it changes: what would become of an open one is the first line, and then what is done at once
 * and stays done.
 */
export function stepsLines({ steps, before }: Pick<Plan, 'steps' | 'before'>): string[] {
  return [...(before === undefined ? [] : [before]), ...(steps === undefined ? [] : inSteps(steps))];
}

function inSteps(steps: PlannedSteps): string[] {
  const ordinary = steps.ordinary.map(
    ({ object, reason }) => `${describeObject(object)} has no copy: ${reason}`,
  );
  if (steps.workloads.length === 0)
    return ['Not in steps, all users get it at once', ...ordinary, ...steps.notes];
  return [
    ...steps.first,
    `In steps: ${steps.list.map((step, index) => `${index + 1}. ${step}`).join('; ')}`,
    ...steps.workloads.map(workloadLine),
    ...ordinary,
    ...peakLine(steps),
    ...steps.notes,
  ];
}

function workloadLine({ object, pods, copies, takesWork }: PlannedSteps['workloads'][number]): string {
  const what = takesWork === true ? 'of the work' : 'of new connections';
  const shown = copies.map(copy => `${copy.pods} (${copy.share} %)`).join(', ');
  return `${describeObject(object)}: ${count(pods, 'pod')} now; its copy has ${shown} ${what}`;
}

function peakLine({ peak }: PlannedSteps): string[] {
  if (peak === undefined) return [];
  const { now, most, cpu, memory } = peak;
  const requests = [
    cpu === undefined ? [] : `${cpu} cpu`,
    memory === undefined ? [] : `${memory} memory`,
  ].flat();
  const room = requests.length === 0 ? '' : `, for which ${requests.join(' and ')} must be free`;
  return [`At most ${count(most, 'pod')} instead of ${now}${room}`];
}
