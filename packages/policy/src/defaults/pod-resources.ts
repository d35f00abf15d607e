import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import {
  addQuantities,
  CONTAINER_LISTS,
  formatQuantity,
  parseQuantity,
  type Quantity,
} from '@slipway/kubernetes';
import type { Draft } from './dependent.ts';

/** The first minor version that fills in limits of the pod too. */
const LIMITS_SINCE = 37;

type Amounts = Map<string, Quantity>;

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** What may be asked for as a whole; of these, only huge pages cannot be promised twice. */
const isOfPods = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

/**
 * Fills in the `resources` of a Pod as a whole from its containers, whose own are filled in. Nothing is done where a quantity is not one.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go#L433, and for later versions
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/util.go#L2253
 */
export function fillPodResources(spec: Draft, minor: number): void {
  const { resources } = spec;
  if (!isJsonObject(resources)) return;
  try {
    spec['resources'] = filled(resources, spec, minor);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function filled(resources: JsonObject, spec: Draft, minor: number): JsonObject {
  const [limits, requests] = [amountsOf(resources['limits']), amountsOf(resources['requests'])];
  if (limits.size + requests.size === 0) return resources;
  const ofContainers = { requests: aggregate(spec, 'requests'), limits: aggregate(spec, 'limits') };
  for (const [name, amount] of ofContainers.limits)
    if (isHugePages(name) && !requests.has(name) && !limits.has(name)) limits.set(name, amount);
  if (limits.size > 0 || minor >= LIMITS_SINCE) addRequests(requests, ofContainers.requests, limits);
  if (minor >= LIMITS_SINCE) addLimits(limits, requests, ofContainers.limits, containersOf(spec));
  return { ...resources, ...textOf('limits', limits), ...textOf('requests', requests) };
}

function addRequests(requests: Amounts, ofContainers: Amounts, limits: Amounts): void {
  for (const [name, amount] of ofContainers)
    if (isOfPods(name) && !isHugePages(name) && !requests.has(name)) requests.set(name, amount);
  for (const [name, amount] of limits) if (isOfPods(name) && !requests.has(name)) requests.set(name, amount);
}

/** A limit of the pod follows from those of its containers if each has one, and is never less than what the pod requests. */
function addLimits(
  limits: Amounts,
  requests: Amounts,
  ofContainers: Amounts,
  containers: readonly JsonObject[],
): void {
  for (const [name, request] of requests) {
    const sum = ofContainers.get(name);
    if (!isOfPods(name) || limits.has(name) || sum === undefined) continue;
    if (containers.every(container => resourcesOf(container, 'limits').has(name)))
      limits.set(name, larger(sum, request));
  }
}

function containersOf(spec: Draft): JsonObject[] {
  return CONTAINER_LISTS.flatMap(list => listOf(spec, list));
}

function listOf(spec: Draft, list: (typeof CONTAINER_LISTS)[number]): JsonObject[] {
  const containers = spec[list];
  return Array.isArray(containers) ? containers.filter(isJsonObject) : [];
}

function resourcesOf(container: JsonObject, which: 'limits' | 'requests'): Amounts {
  const { resources } = container;
  return amountsOf(isJsonObject(resources) ? resources[which] : undefined);
}

/**
 * What the containers need together: those that run beside each other, or more where an init container needs more.
 * https://github.com/kubernetes/component-helpers/blob/v0.37.2/resource/helpers.go#L235
 */
function aggregate(spec: Draft, which: 'limits' | 'requests'): Amounts {
  const total: Amounts = new Map();
  for (const container of listOf(spec, 'containers')) add(total, resourcesOf(container, which));
  const sidecars: Amounts = new Map();
  const most: Amounts = new Map();
  for (const container of listOf(spec, 'initContainers')) {
    const own = resourcesOf(container, which);
    if (container['restartPolicy'] === 'Always') {
      add(total, own);
      add(sidecars, own);
      raise(most, sidecars);
    } else {
      add(own, sidecars);
      raise(most, own);
    }
  }
  raise(total, most);
  return total;
}

function add(amounts: Amounts, more: Amounts): void {
  for (const [name, amount] of more) {
    const known = amounts.get(name);
    amounts.set(name, known === undefined ? amount : addQuantities(known, amount));
  }
}

function raise(amounts: Amounts, others: Amounts): void {
  for (const [name, amount] of others) {
    const known = amounts.get(name);
    amounts.set(name, known === undefined ? amount : larger(known, amount));
  }
}

function larger(one: Quantity, other: Quantity): Quantity {
  return other.nanos > one.nanos ? other : one;
}

/** @throws RangeError for a value that is not a quantity */
function amountsOf(value: JsonValue | undefined): Amounts {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return new Map(entries.map(([name, amount]) => [name, parseQuantity(String(amount))]));
}

function textOf(which: 'limits' | 'requests', amounts: Amounts): JsonObject {
  if (amounts.size === 0) return {};
  return {
    [which]: Object.fromEntries([...amounts].map(([name, amount]) => [name, formatQuantity(amount)])),
  };
}
