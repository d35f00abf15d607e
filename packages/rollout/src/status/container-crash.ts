import type { JsonObject } from '@slipway/core';
import { numberAt, textAt } from '@slipway/kubernetes';
import { count } from '../text.ts';
import { CRASHES_BELONG_TOGETHER } from '../windows.ts';
import type { ContainerView } from './container-view.ts';
import { describeExit } from './exit-codes.ts';
import { ONLY_AT_DEADLINE, type Trouble } from './status.ts';

/** The suffix of the key of a container's crashes: the loop goes on although the container runs in between. */
export const CRASH = '/crash';

/** Troubles of a container that exited although it should run, or, where it may exit, with a code other than 0. */
export function crashTroubles(container: ContainerView): readonly Trouble[] {
  const ended = crash(container);
  if (ended === undefined) return [];
  const certain = isLoop(container);
  const reason = reasonOf(ended, certain);
  const restarts = container.restarts === 0 ? '' : `; ${count(container.restarts, 'restart')}`;
  return [
    {
      key: `${container.key}${CRASH}`,
      reason,
      message: `${container.title} ${certain ? 'is crash-looping' : 'exited'} (${describeExit(ended)}${restarts})`,
      remedy: remedyFor(ended),
      certainAfter: certain ? 0 : ONLY_AT_DEADLINE,
      ...(certain ? { window: 'crash' as const } : {}),
      culprit: { ...container.culprit, ...(reason === 'OOMKilled' ? { field: 'resources' } : {}) },
    },
  ];
}

/** The end of a container that is not running now. */
function crash(container: ContainerView): JsonObject | undefined {
  const ended = container.terminated ?? (container.running ? undefined : container.lastTerminated);
  if (ended === undefined) return undefined;
  const mayEnd = container.role === 'init' || container.restartPolicy !== 'Always';
  return mayEnd && numberAt(ended, 'exitCode') === 0 ? undefined : ended;
}

/** Whether it crashed twice: the kubelet says so, or both crashes are on record and close to each other. */
function isLoop(container: ContainerView): boolean {
  if (container.restarts === 0) return false;
  if (container.waiting?.reason === 'CrashLoopBackOff') return true;
  const { terminated, lastTerminated } = container;
  if (terminated === undefined || lastTerminated === undefined) return false;
  return endOf(terminated) - endOf(lastTerminated) < CRASHES_BELONG_TOGETHER;
}

function endOf(terminated: JsonObject): number {
  return Date.parse(textAt(terminated, 'finishedAt') ?? '');
}

/** A loop has its own reason, even before the kubelet begins to back off. */
function reasonOf(ended: JsonObject, isLoop: boolean): string {
  const why = textAt(ended, 'reason') ?? 'Error';
  return isLoop && why !== 'OOMKilled' ? 'CrashLoopBackOff' : why;
}

function remedyFor(ended: JsonObject): string {
  if (textAt(ended, 'reason') === 'OOMKilled') return 'raise its memory limit, or make it use less memory';
  if (numberAt(ended, 'exitCode') === 0)
    return 'keep it running, or make it a Job: it exited without an error';
  return 'see its last log lines';
}
