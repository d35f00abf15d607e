import { setTimeout as sleep } from 'node:timers/promises';
import {
  booleanAt,
  formatSelector,
  isTerminating,
  type KubernetesObject,
  namespaceOf,
  objectAt,
  objectsAt,
  parseSelector,
  textAt,
} from '@slipway/kubernetes';
import { copyName } from '@slipway/steps';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { type Held, heldOf, type StepsContext } from './steps-context.ts';

type Reader = Pick<StepsContext, 'client'>;

/** Milliseconds that endpoints may take to follow a selector; what is not known after that is left to the drain. */
const MOST_FOR_ENDPOINTS = 30_000;
const LOOK_EVERY = 250;

/** The names of the pods that a Service sends new connections to; undefined if the credentials may not list endpoints. */
export async function endpointsOf(
  { client }: Reader,
  namespace: string,
  service: string,
): Promise<ReadonlySet<string> | undefined> {
  const list = await unlessForbidden(
    client.list({
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace },
      labelSelector: `kubernetes.io/service-name=${service}`,
    }),
  );
  if (list === undefined) return undefined;
  const endpoints = list.items.flatMap(slice => objectsAt(slice, 'endpoints'));
  const ready = endpoints.filter(endpoint => booleanAt(endpoint, 'conditions', 'ready') !== false);
  return new Set(ready.flatMap(endpoint => textAt(endpoint, 'targetRef', 'name') ?? []));
}

/** The pods of a live Deployment that are not ending. */
export async function podsOf(
  { client }: Reader,
  deployment: KubernetesObject,
): Promise<readonly KubernetesObject[]> {
  const { items } = await client.list({
    ...{ apiVersion: 'v1', kind: 'Pod', namespace: namespaceOf(deployment) },
    labelSelector: formatSelector(parseSelector(objectAt(deployment, 'spec', 'selector'))),
  });
  return items.filter(pod => !isTerminating(pod));
}

export function isReady(pod: KubernetesObject): boolean {
  return objectsAt(pod, 'status', 'conditions').some(
    condition => condition['type'] === 'Ready' && condition['status'] === 'True',
  );
}

/** Whether the Services of the copies send to every Ready pod of them; true for copies that no Service selects. */
export async function areSentTo(
  context: StepsContext,
  copies: readonly KubernetesObject[],
): Promise<boolean> {
  const pods = (await Promise.all(copies.map(copy => podsOf(context, copy)))).flat();
  const ready = pods.filter(isReady);
  for (const { reference, base } of heldOf(context).filter(held => hasCopy(context, held))) {
    const sent = await endpointsOf(context, context.release.namespace, copyName(reference.name));
    if (sent === undefined) continue;
    const selector = parseSelector(objectAt(base, 'spec', 'selector'), true);
    const own = ready.filter(pod => isSelected(pod, selector.matchLabels ?? {}));
    if (own.some(pod => !sent.has(pod.metadata.name))) return false;
  }
  return true;
}

/** A Service that leaves the formation is held, and has no copy. */
function hasCopy({ release }: StepsContext, { base, reference }: Held): boolean {
  return (
    base.kind === 'Service' &&
    release.objects.some(entry => entry.kind === 'Service' && entry.copyOf === reference.name)
  );
}

function isSelected(pod: KubernetesObject, labels: Readonly<Record<string, string>>): boolean {
  const own = objectAt(pod, 'metadata', 'labels') ?? {};
  return Object.entries(labels).every(([key, value]) => own[key] === value);
}

/** Waits until no held Service sends to a pod of the copies. */
export async function awaitLeft(context: StepsContext, copies: readonly KubernetesObject[]): Promise<void> {
  const { clock, signal, release, logger } = context;
  const deadline = clock().getTime() + MOST_FOR_ENDPOINTS;
  const names = new Set(
    (await Promise.all(copies.map(copy => podsOf(context, copy))))
      .flat()
      .map(({ metadata }) => metadata.name),
  );
  const services = heldOf(context).filter(({ base }) => base.kind === 'Service');
  for (const { reference } of services)
    for (;;) {
      const sent = await endpointsOf(context, release.namespace, reference.name);
      if (sent === undefined || ![...names].some(name => sent.has(name))) break;
      if (clock().getTime() >= deadline) {
        logger.warning(
          `Service ${reference.name} still sends to the copy ${MOST_FOR_ENDPOINTS / 1000} s after it was told not to`,
        );
        break;
      }
      await sleep(LOOK_EVERY, undefined, { signal });
    }
}
