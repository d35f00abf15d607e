import type { ClusterClient } from '@slipway/cluster';
import { describeObject, type ObjectVerdict, type Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { recordNumber } from '@slipway/release';
import {
  type RolloutChange,
  type RolloutResult,
  type Successor,
  type WatchedObject,
  watchRollout,
} from '@slipway/rollout';
import { progressLine } from './progress.ts';

export interface WatchRequest {
  readonly client: ClusterClient;
  readonly objects: readonly WatchedObject[];
  /** Whose objects they are. */
  readonly release?: Release | undefined;
  readonly stableFor: number;
  readonly timeout: number;
}

export interface Watched {
  readonly result: RolloutResult;
  readonly changes: readonly RolloutChange[];
}

/** Watches objects, tells of each change as it comes, and in the end what was found out about those that failed. */
export async function watch(request: WatchRequest, runner: Runner): Promise<Watched> {
  const { release, ...options } = request;
  const clock = (): Date => new Date();
  const started = clock();
  const changes: RolloutChange[] = [];
  const result = await watchRollout({
    ...options,
    clock,
    signal: runner.signal,
    logger: runner.logger,
    successor: release && successorOf(release),
    since: release && new Date(release.created),
    onChange: change => {
      changes.push(change);
      runner.logger.info(progressLine(change, started));
    },
  });
  for (const object of result.objects) await logEvidence(object, runner);
  return { result, changes };
}

async function logEvidence({ object, evidence = [] }: ObjectVerdict, runner: Runner): Promise<void> {
  if (evidence.length === 0) return;
  await runner.group(`Evidence for ${describeObject(object)}`, async () => {
    for (const { title, lines } of evidence)
      runner.logger.info([title, ...lines.map(line => `  ${line}`)].join('\n'));
  });
}

/** The record of a newer release of the same formation. */
function successorOf(release: Release): Successor {
  const { application, formation, namespace, number } = release;
  return {
    kind: { apiVersion: 'v1', kind: 'Secret' },
    namespace,
    labelSelector: `slipway.dev/application=${application},slipway.dev/formation=${formation}`,
    isSuccessor: name => (recordNumber(release, name) ?? 0) > number,
  };
}
