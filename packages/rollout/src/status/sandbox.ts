import { type JsonObject, quote } from '@slipway/core';
import { type KubernetesObject, textAt, uidOf } from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { CONTAINER_NOT_CREATED } from '../windows.ts';
import type { Trouble } from './status.ts';

/**
 * What the runtimes say of a memory limit that is too low even to start a container: runc, and CRI-O, which compares it first.
 * https://github.com/opencontainers/runc/blob/main/libcontainer/process_linux.go
 * https://github.com/cri-o/cri-o/blob/main/internal/config/cgmgr/cgmgr_linux.go
 */
const MEMORY_TOO_LOW = /container init was OOM-killed|memory limit \d+ too low/;

/** Whether a runtime's message tells that the memory limit is too low; every further attempt ends the same way. */
export function isMemoryTooLow(message: string): boolean {
  return MEMORY_TOO_LOW.test(message);
}

export const RAISE_MEMORY = 'raise its memory limit';

/** Only events report a pod whose sandbox cannot be created; its containers wait as ContainerCreating meanwhile. */
export function sandboxTroubles(pod: KubernetesObject, events: readonly JsonObject[]): readonly Trouble[] {
  const last = events.findLast(event => textAt(event, 'reason') === 'FailedCreatePodSandBox');
  if (last === undefined) return [];
  const message = textAt(last, 'message') ?? '';
  const isLow = isMemoryTooLow(message);
  return [
    {
      key: `${uidOf(pod)}/sandbox`,
      reason: 'FailedCreatePodSandBox',
      message: `pod ${quote(pod.metadata.name)} cannot be started: ${oneLine(message)}`,
      remedy: isLow ? RAISE_MEMORY : "look at the node's network and container runtime",
      certainAfter: isLow ? 0 : CONTAINER_NOT_CREATED,
      culprit: { pod },
    },
  ];
}
