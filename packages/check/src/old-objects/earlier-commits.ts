import { once } from '@slipway/core';
import type { Base } from '../base-rules/base.ts';
import type { Lineage } from '../base-rules/lineage.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import type { OldObjects } from './baseline.ts';
import { renderedAt } from './open-baseline.ts';

/** A target, and the namespace of its objects that do not name one. */
export interface TargetName {
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
}

/** Another commit of the repository that is checked. Nothing is read before it is asked for. */
export interface EarlierCommit {
  /** How it is related to the base commit; undefined if that is not known. */
  lineage(): Promise<Lineage | undefined>;
  /** Whether the base branch has it by now; undefined if that is not known. */
  isMerged(): Promise<boolean | undefined>;
  /**
   * What the commit renders for a target; undefined if it does not have that.
   * @throws SlipwayError if the commit cannot be read, or with what is wrong with its files
   */
  objects(target: TargetName): Promise<OldObjects | undefined>;
}

/** Opens commits by their ids, each once: read, or fetched, and rendered as the base commit is, without a change to the checkout. */
export function earlierCommits(
  { commit: base, history }: Base,
  request: CheckManifestsRequest,
  surroundings: CheckSurroundings,
): (commit: string) => EarlierCommit {
  const known = new Map<string, EarlierCommit>();
  const branch = request.base?.branch;
  const tip = once(async () => (branch === undefined ? undefined : await history.tip(branch)));
  const open = (commit: string): EarlierCommit => {
    const baseline = once(async () =>
      renderedAt(await history.files(commit), history, request, surroundings),
    );
    return {
      lineage: once(async () => await history.lineage(commit, base)),
      isMerged: once(async () => {
        const newest = await tip();
        const lineage = newest === undefined ? undefined : await history.lineage(commit, newest);
        return lineage && (lineage.relation === 'same' || lineage.relation === 'behind');
      }),
      objects: async ({ namespace, ...rendered }) =>
        await (await baseline())({ objects: [], namespace, rendered }),
    };
  };
  return commit => {
    const opened = known.get(commit) ?? open(commit);
    known.set(commit, opened);
    return opened;
  };
}
