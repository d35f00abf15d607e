import { once } from '@slipway/core';
import type { Distance } from '@slipway/git';
import type { Base } from '../base-rules/base.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import type { Baseline, OldObjects } from './baseline.ts';
import { renderedAt } from './open-baseline.ts';

/** A target, and the namespace of its objects that do not name one. */
export interface TargetName {
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
}

/** An earlier commit of the repository that is checked. */
export interface EarlierCommit {
  /** From the commit to the base commit; undefined if the checkout does not have the whole history. */
  readonly distance: Distance | undefined;
  /** What the commit renders for a destination; undefined if it does not have that. @throws SlipwayError with what is wrong with its files */
  objects(target: TargetName): Promise<OldObjects | undefined>;
}

/**
 * Opens commits by their ids, each once: read, or fetched, and rendered as the base commit is, without a change to the checkout.
 * @throws SlipwayError if a commit cannot be read, or its application is broken
 */
export function earlierCommits(
  { commit: base, history }: Base,
  request: CheckManifestsRequest,
  surroundings: CheckSurroundings,
): (commit: string) => Promise<EarlierCommit> {
  const known = new Map<string, () => Promise<EarlierCommit>>();
  const open = async (commit: string): Promise<EarlierCommit> => {
    const files = await history.files(commit);
    const baseline: Baseline = await renderedAt(files, history, request, surroundings);
    return {
      distance: await history.distance(commit, base),
      objects: async ({ namespace, ...rendered }) => await baseline({ objects: [], namespace, rendered }),
    };
  };
  return async commit => {
    const opened = known.get(commit) ?? once(() => open(commit));
    known.set(commit, opened);
    return await opened();
  };
}
