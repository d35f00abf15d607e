import type { EarlierCommit, OldObjects } from '@slipway/check';
import { defined, excerpt, formatPosition, inParallel, isCommitId, quote, SlipwayError } from '@slipway/core';
import { changesBeyond } from './beyond.ts';
import { withChanges } from './changes.ts';
import type { Known, LastPassed, PassedQuery, Unknown } from './last-passed.ts';
import { waitingPromotion } from './promotions.ts';
import type { PassedState, ReviewedTarget } from './reviewed.ts';

/** Destinations that are read at a time. */
const CONCURRENCY = 6;

/** Characters of a reason, parts of which others may have written. */
const MAX_REASON = 300;

/** The targets, each with what last passed there, which is compared with the checkout as the base commit is. */
export async function withPassed(
  targets: readonly ReviewedTarget[],
  query: PassedQuery,
): Promise<readonly ReviewedTarget[]> {
  // Everything is read before anything is rendered, so that a registry that answers slowly is told from files that are.
  const read = async (target: ReviewedTarget) => ({ target, last: await readLast(target, query) });
  const lasts = await inParallel(targets, read, CONCURRENCY);
  const compare = async ({ target, last }: (typeof lasts)[number]) => ({
    target,
    found: await stateOf(target, last, query),
  });
  const states = await inParallel(lasts, compare, CONCURRENCY);
  return states.map(({ target, found }): ReviewedTarget => {
    if (found === undefined) return target;
    if ('why' in found) return { ...target, passed: { isKnown: false, why: found.why } };
    const { last, revision, lineage, changes } = found;
    const promotion = waitingPromotion(target, states, query.promotedFrom);
    const passed: PassedState = {
      ...{ isKnown: true, deploymentTag: last.deploymentTag, verified: last.verified, revision, changes },
      uncompared: uncompared(last, query),
      ...defined({ lineage, promotion }),
    };
    return { ...target, passed };
  });
}

/** A commit says neither which values its run set, nor what other checkouts had. */
function uncompared({ set, sharedRevisions }: LastPassed, query: PassedQuery): readonly string[] {
  const folders = new Set([...Object.keys(sharedRevisions), ...Object.keys(query.sharedRevisions)]);
  const moved = [...folders].filter(folder => sharedRevisions[folder] !== query.sharedRevisions[folder]);
  return [
    ...(set.length === 0 ? [] : [`the values that its run set (${listed(set)})`]),
    ...(moved.length === 0 ? [] : [`what has changed in other checkouts (${listed(moved)})`]),
  ];
}

function listed(names: readonly string[]): string {
  return excerpt(names.toSorted().join(', '), MAX_REASON);
}

/** Undefined for plain manifests, of which no verdict is kept. */
async function readLast(
  { formation, destination }: ReviewedTarget,
  query: PassedQuery,
): Promise<LastPassed | Unknown | undefined> {
  if (formation === undefined || destination === undefined) return undefined;
  return await orUnknown(async () => {
    const last = await query.readLastPassed({ application: query.application, formation, destination });
    return last ?? { why: 'the registry has no verdict that anything passed there' };
  });
}

async function stateOf(
  target: ReviewedTarget,
  last: LastPassed | Unknown | undefined,
  query: PassedQuery,
): Promise<Known | Unknown | undefined> {
  const { formation, destination } = target;
  if (last === undefined || formation === undefined || destination === undefined) return undefined;
  if ('why' in last) return last;
  return await orUnknown(async () => await compared(target, { formation, destination }, last, query));
}

async function orUnknown<Result>(work: () => Promise<Result>): Promise<Result | Unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { why: reasonOf(error) };
  }
}

async function compared(
  target: ReviewedTarget,
  name: { readonly formation: string; readonly destination: string },
  last: LastPassed,
  query: PassedQuery,
): Promise<Known | Unknown> {
  const { revision } = last;
  const tag = quote(last.deploymentTag);
  if (revision === undefined)
    return { why: `the verdict on ${tag} does not say with which commit it passed` };
  if (!isCommitId(revision))
    return { why: `the verdict on ${tag} names ${quote(revision)}, which is not the id of a commit` };
  const { changes: own, namespace } = target;
  if (own === undefined) return { why: 'what this pull request changes there is not known either' };
  if (revision === query.base.commit) return { last, revision, changes: [], lineage: { relation: 'same' } };
  const earlier = query.base.earlier(revision);
  const lineage = await earlier.lineage();
  if (lineage?.relation === 'ahead') {
    const isMerged = await earlier.isMerged();
    // The base branch has moved on and passed there already: merging does not take that back, as it would a commit of another branch.
    if (isMerged === true) return { last, revision, lineage, changes: [] };
    if (isMerged === undefined) return { why: whetherMerged(revision) };
  }
  const before = await readBefore(earlier, { ...name, namespace }, revision);
  if ('why' in before) return before;
  const { changes = [] } = withChanges({ ...target, before }, query);
  return { last, revision, lineage, changes: changesBeyond(changes, own) };
}

function whetherMerged(revision: string): string {
  return `the commit ${revision.slice(0, 12)}, with which something passed last, is newer than the base, and whether the base branch has it cannot be told: check out with fetch-depth: 0, or give a token with contents: read`;
}

/** A commit that is missing has a remedy; what is wrong in one that is there is passed on. */
async function readBefore(
  earlier: EarlierCommit,
  target: Parameters<EarlierCommit['objects']>[0],
  revision: string,
): Promise<OldObjects | Unknown> {
  const commit = `the commit ${revision.slice(0, 12)}, with which something passed last,`;
  try {
    return (await earlier.objects(target)) ?? { why: `${commit} does not have this destination` };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return {
      why: ABSENT.has(error.code) ? `${commit} ${ABSENCE}` : `${commit} cannot be read: ${reasonOf(error)}`,
    };
  }
}

const ABSENCE =
  'is not in this checkout and cannot be fetched: check out with fetch-depth: 0, or give a token with contents: read';

/** Codes for a commit that neither the checkout nor GitHub has. */
const ABSENT: ReadonlySet<string> = new Set(['base-unreadable', 'commit-unreadable', 'github-not-found']);

function reasonOf({ problems: [{ at, message, remedy }] }: SlipwayError): string {
  const what = at === undefined ? message : `${formatPosition(at)}: ${message}`;
  return excerpt(remedy === undefined ? what : `${what}: ${remedy}`, MAX_REASON);
}
