import {
  type Finding,
  isJsonObject,
  type JsonValue,
  quote,
  ROOM_DEFAULTS,
  ROOM_QUOTA,
  type SpawnBlock,
  valueAt,
} from '@slipway/core';
import {
  addQuantities,
  describeObject,
  formatQuantity,
  kindKey,
  objectKey,
  parseQuantity,
  type Quantity,
  referenceTo,
} from '@slipway/kubernetes';
import { findingOfProblem } from '../findings.ts';
import type { SpawnedManifest } from './spawned-objects.ts';

/** Kinds whose pods run all the time, as many as they say. */
const RUNNING = ['Deployment.apps', 'StatefulSet.apps'];
/** More replicas are refused by the number of pods alone, and would only take time to add up. */
const MOST_REPLICAS = 1000;

const COMPARED = ['pods', 'requests.cpu', 'limits.cpu', 'requests.memory', 'limits.memory'] as const;
type Compared = (typeof COMPARED)[number];

type RoomBlock = Partial<Pick<SpawnBlock, 'form' | 'quota' | 'defaults'>>;

/** What the pods of an instance ask for together beyond the quota that its namespace will have; one finding for each resource. */
export function overQuota(objects: readonly SpawnedManifest[], block: RoomBlock): Finding[] {
  if (block.form !== 'create') return [];
  const running = objects.filter(({ object }) => RUNNING.includes(kindKey(object)));
  return COMPARED.flatMap(resource => beyond(resource, running, block));
}

function beyond(resource: Compared, running: readonly SpawnedManifest[], block: RoomBlock): Finding[] {
  const most = block.quota?.[resource] ?? ROOM_QUOTA[resource];
  const shares = running.map(manifest => ({ manifest, share: shareOf(manifest, resource, block) }));
  const sum = sumOf(shares.map(({ share }) => share));
  const [largest] = shares.toSorted((one, other) => (one.share.nanos < other.share.nanos ? 1 : -1));
  if (largest === undefined || sum.nanos <= parseQuantity(most).nanos) return [];
  const { manifest, share } = largest;
  const reference = referenceTo(manifest.object);
  const rule = 'spawned/over-quota';
  const found = {
    code: rule,
    message: `the pods of the instance ask for ${formatQuantity(sum)} of ${quote(resource)} together, ${formatQuantity(share)} of it for ${describeObject(reference)}, and its quota is ${most}`,
    remedy: 'give the spawned formation fewer replicas or smaller requests, by a patch or a value',
    at: manifest.positionAt('/spec'),
  };
  return [findingOfProblem(found, rule, 'error', [objectKey(reference), resource])];
}

function shareOf({ object }: SpawnedManifest, resource: Compared, block: RoomBlock): Quantity {
  const replicas = valueAt(object, ['spec', 'replicas']);
  const pods = typeof replicas === 'number' ? Math.min(MOST_REPLICAS, Math.max(0, replicas)) : 1;
  const containers = valueAt(object, ['spec', 'template', 'spec', 'containers']);
  const each =
    resource === 'pods'
      ? parseQuantity('1')
      : sumOf((Array.isArray(containers) ? containers : []).map(one => askedBy(one, resource, block)));
  return sumOf(Array.from({ length: pods }, () => each));
}

/** What a container asks for, or has by default; a request that is missing is that of the limit. */
function askedBy(container: JsonValue, resource: Exclude<Compared, 'pods'>, block: RoomBlock): Quantity {
  const [kind, name] = resource.split('.') as ['requests' | 'limits', 'cpu' | 'memory'];
  const written = (of: 'requests' | 'limits'): JsonValue | undefined =>
    isJsonObject(container) ? valueAt(container, ['resources', of, name]) : undefined;
  const own = written(kind) ?? (kind === 'requests' ? written('limits') : undefined);
  return quantityOf(own) ?? parseQuantity(block.defaults?.[kind]?.[name] ?? ROOM_DEFAULTS[kind][name]);
}

/** Another rule names what is not a quantity. */
function quantityOf(value: JsonValue | undefined): Quantity | undefined {
  try {
    return value === undefined ? undefined : parseQuantity(String(value));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function sumOf(quantities: readonly Quantity[]): Quantity {
  const [first, ...others] = quantities;
  return first === undefined ? parseQuantity('0') : others.reduce(addQuantities, first);
}
