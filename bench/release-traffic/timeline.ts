import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject } from '@slipway/core';
import { objectsAt } from '@slipway/kubernetes';
import { recordOf } from '@slipway/testkit/releases';

/** What happens while a release is played; milliseconds since 1970. */
export interface Timeline {
  /** When the record was first seen in each phase, in order. */
  readonly phases: readonly { readonly name: string; readonly at: number }[];
  /** When containers of the copy ended by themselves, to the second that the kubelet reports. */
  readonly crashes: readonly number[];
}

const LOOK_EVERY = 200;
const RELEASE = 2;

/** Looks at the second release of a namespace until the signal aborts. */
export async function follow(
  client: ClusterClient,
  namespace: string,
  signal: AbortSignal,
): Promise<Timeline> {
  const phases: { name: string; at: number }[] = [];
  const crashes = new Set<number>();
  while (!signal.aborted) {
    const [phase, ended] = await Promise.all([phaseOf(client, namespace), crashesIn(client, namespace)]);
    if (phase !== phases.at(-1)?.name) phases.push({ name: phase, at: Date.now() });
    for (const at of ended) crashes.add(at);
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => {});
  }
  return { phases, crashes: [...crashes].toSorted((a, b) => a - b) };
}

async function phaseOf(client: ClusterClient, namespace: string): Promise<string> {
  const release = await recordOf(client, namespace, RELEASE).catch(() => undefined);
  if (release === undefined) return 'before';
  const { verdict, steps } = release;
  if (verdict !== undefined) return 'closed';
  return steps?.phase === undefined ? 'rolling' : `${steps.phase} at ${steps.target.asked} %`;
}

async function crashesIn(client: ClusterClient, namespace: string): Promise<number[]> {
  const labelSelector = 'slipway.dev/track=next';
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return items
    .flatMap(pod => objectsAt(pod, 'status', 'containerStatuses'))
    .flatMap(({ state, lastState }) => [state, lastState])
    .filter(isJsonObject)
    .map(({ terminated }) => terminated)
    .filter(isJsonObject)
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ finishedAt }) => Date.parse(String(finishedAt)));
}
