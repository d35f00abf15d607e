import { isJsonObject, type JsonValue, valueAt } from '@slipway/core';
import { type KubernetesObject, numberAt, objectAt } from '@slipway/kubernetes';
import { oneLine } from '../../text.ts';
import { LONGEST_WORD } from '../conditions.ts';
import type { Statement } from './statement.ts';

/** Where a number of replicas is asked for, and where it is told how many there are of which kind. */
const COUNTS: readonly (readonly [asked: string, told: readonly string[]])[] = [
  ['replicas', ['updatedReplicas', 'readyReplicas', 'availableReplicas']],
  ['instances', ['readyInstances']],
  ['size', ['readyReplicas', 'readyNodes', 'readyMembers']],
];

/** What the numbers of replicas say: that some are missing, or that none is. */
export function readCounts(object: KubernetesObject): readonly Statement[] {
  return [
    ...COUNTS.flatMap(([asked, told]) => readCount(object, asked, told)),
    ...readFractions(objectAt(object, 'status') ?? {}, 'status'),
  ];
}

function readCount(object: KubernetesObject, asked: string, told: readonly string[]): readonly Statement[] {
  const wanted = numberAt(object, 'spec', asked);
  if (wanted === undefined || wanted === 0) return [];
  const counted = told.flatMap(field => {
    const found = numberAt(object, 'status', field);
    const due =
      field === 'updatedReplicas' ? dueForUpdate(object, wanted) : Math.max(0, wanted - inUse(object));
    return found === undefined ? [] : [count(`status.${field}`, found, due)];
  });
  return counted.some(({ says }) => says === 'waits')
    ? counted.filter(({ says }) => says === 'waits')
    : counted.slice(-1);
}

/** How many replicas someone uses, which are not counted as ready any more, as those of an Agones Fleet are not. */
function inUse(object: KubernetesObject): number {
  return ['allocatedReplicas', 'reservedReplicas'].reduce(
    (sum, field) => sum + Math.max(0, numberAt(object, 'status', field) ?? 0),
    0,
  );
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

/** `status.ready: 2/3`, also one level deeper, as in `status.scale.statusReplicas`. */
function readFractions(fields: Readonly<Record<string, JsonValue>>, path: string): readonly Statement[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const field = `${path}.${oneLine(name, LONGEST_WORD)}`;
    if (isJsonObject(value) && path === 'status') return readFractions(value, field);
    if (typeof value !== 'string' || !/^ready|ready$|replicas$/i.test(name)) return [];
    const [, found, wanted] = /^(\d{1,6})\/([1-9]\d{0,5})$/.exec(value) ?? [];
    return found === undefined ? [] : [count(field, Number(found), Number(wanted))];
  });
}

function count(path: string, found: number, wanted: number): Statement {
  const says = found < wanted ? 'waits' : 'works';
  const text = `${path} is ${found}, and ${wanted} ${wanted === 1 ? 'is' : 'are'} wanted`;
  return { says, path, text, reason: 'Replicas', certainAfter: Number.POSITIVE_INFINITY };
}
