import {
  type ApplicationStatus,
  count,
  excerpt,
  type InstanceStatus,
  type InstancesStatus,
} from '@slipway/core';
import { minuteOf } from './status-words.ts';

/** The instances of a spawned formation at a destination, in words. */
export interface InstancesWords {
  /** The whole in one sentence. */
  readonly title: string;
  /** One for each instance, and for what is not understood. */
  readonly lines: readonly { readonly name: string; readonly pull?: number; readonly text: string }[];
}

/** Characters of what anyone may have written who may change Leases. */
const MAX_TEXT = 200;

/** The spawned formations, in their order. */
export function instancesWords({
  instances = [],
  at,
}: Pick<ApplicationStatus, 'instances' | 'at'>): readonly InstancesWords[] {
  return instances.map(one => ({
    title: titleOf(one),
    lines: [
      ...(one.instances ?? []).map(instance => lineOf(instance, at)),
      ...(one.broken ?? []).map(lease => ({
        name: excerpt(lease, MAX_TEXT),
        text: 'a Lease that does not say for whom it keeps room',
      })),
    ],
  }));
}

/** The same as lines of a log. */
export function instancesLines(status: Pick<ApplicationStatus, 'instances' | 'at'>): readonly string[] {
  return instancesWords(status).flatMap(({ title, lines }) => [
    title,
    ...lines.map(({ name, text }) => `  ${name}: ${text}`),
  ]);
}

function titleOf({
  formation,
  destination,
  namespace,
  atMost,
  instances,
  unknown = [],
}: InstancesStatus): string {
  const where = `${formation}/${destination}, namespace ${namespace}`;
  if (instances === undefined)
    return `${where}: which instances there are is not known: ${unknown.map(one => excerpt(one, 3 * MAX_TEXT)).join('; ')}`;
  return `${where}: ${count(instances.length, 'instance')} of at most ${atMost}`;
}

function lineOf(instance: InstanceStatus, at: string): InstancesWords['lines'][number] {
  const { instance: name, pull, key, url } = instance;
  const whose = pull === undefined ? `for the branch with the key ${key}` : `of pull request ${pull}`;
  const parts = [whose, releaseOf(instance), endOf(instance, at), ...(url === undefined ? [] : [url])];
  const text = parts.map(part => excerpt(part, MAX_TEXT)).join(', ');
  return { name: excerpt(name, MAX_TEXT), ...(pull === undefined ? {} : { pull }), text };
}

function releaseOf({ live, unknown }: InstanceStatus): string {
  if (unknown !== undefined) return `release not known: ${unknown.join('; ')}`;
  if (live === undefined) return 'without a release';
  const { release, deploymentTag, verdict = 'open' } = live;
  return `release ${release}${deploymentTag === undefined ? '' : ` (${deploymentTag})`} ${verdict}`;
}

function endOf({ expires, isEnding }: InstanceStatus, at: string): string {
  if (isEnding === true) return 'being removed';
  const end = minuteOf(expires);
  return Date.parse(expires) <= Date.parse(at) ? `expired at ${end} and not removed yet` : `until ${end}`;
}
