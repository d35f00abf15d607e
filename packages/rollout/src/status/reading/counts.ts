import { valueAt } from '@slipway/core';
import { type KubernetesObject, numberAt, textAt } from '@slipway/kubernetes';
import type { Statement } from './statement.ts';

/** Where a number of replicas is asked for, and where it is told how many there are of which kind. */
const COUNTS: readonly (readonly [asked: string, told: readonly string[]])[] = [
  ['replicas', ['updatedReplicas', 'readyReplicas', 'availableReplicas']],
  ['instances', ['readyInstances']],
  ['size', ['readyReplicas', 'readyNodes', 'readyMembers']],
];

/** What the numbers of replicas say: that some are missing, or that none is. */
export function readCounts(object: KubernetesObject): readonly Statement[] {
  return [...COUNTS.flatMap(([asked, told]) => readCount(object, asked, told)), ...readFraction(object)];
}

function readCount(object: KubernetesObject, asked: string, told: readonly string[]): readonly Statement[] {
  const wanted = numberAt(object, 'spec', asked);
  if (wanted === undefined || wanted === 0) return [];
  const counted = told.flatMap(field => {
    const found = numberAt(object, 'status', field);
    const due = field === 'updatedReplicas' ? dueForUpdate(object, wanted) : wanted;
    return found === undefined ? [] : [count(`status.${field}`, found, due)];
  });
  return counted.some(({ says }) => says === 'waits')
    ? counted.filter(({ says }) => says === 'waits')
    : counted.slice(-1);
}

/** How many replicas are to take a new version; with a partition that is not known in general. */
function dueForUpdate(object: KubernetesObject, wanted: number): number {
  const strategy = ['spec', 'updateStrategy'];
  const hasPartition = [
    [...strategy, 'partition'],
    [...strategy, 'rollingUpdate', 'partition'],
  ].some(path => valueAt(object, path) !== undefined);
  return numberAt(object, 'status', 'expectedUpdatedReplicas') ?? (hasPartition ? 0 : wanted);
}

/** `status.ready: 2/3` */
function readFraction(object: KubernetesObject): readonly Statement[] {
  const [, found, wanted] = /^(\d{1,6})\/(\d{1,6})$/.exec(textAt(object, 'status', 'ready') ?? '') ?? [];
  return found === undefined ? [] : [count('status.ready', Number(found), Number(wanted))];
}

function count(path: string, found: number, wanted: number): Statement {
  const says = found < wanted ? 'waits' : 'works';
  const text = `${path} is ${found}, and ${wanted} ${wanted === 1 ? 'is' : 'are'} wanted`;
  return { says, path, text, reason: 'Replicas', certainAfter: Number.POSITIVE_INFINITY };
}
