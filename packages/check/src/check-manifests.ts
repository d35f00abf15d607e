import { defined, type Finding, makeReport, once, type Position, type Report } from '@slipway/core';
import type { CheckedObject } from '@slipway/policy';
import type { Repository } from '@slipway/render';
import { openBase } from './base-rules/base.ts';
import { openHistory } from './base-rules/history.ts';
import type { OldObjects } from './old-objects/baseline.ts';
import { type EarlierCommit, earlierCommits } from './old-objects/earlier-commits.ts';
import type { CheckManifestsRequest } from './request/request.ts';
import type { CheckSurroundings } from './request/surroundings.ts';
import { judge } from './rules/judge.ts';
import { settleSignOffs } from './sign-offs/settle-sign-offs.ts';
import { readTargets } from './targets/read-targets.ts';
import type { RemovedTarget, Target } from './targets/target.ts';

/** A rendered destination, or all plain manifests together, with what was found in it. */
export interface CheckedTarget {
  /** `production/eu`, or `manifests` for plain ones. */
  readonly name: string;
  /** Both absent for plain manifests. */
  readonly formation?: string;
  readonly destination?: string;
  /** The namespace of objects that do not name one. */
  readonly namespace: string;
  readonly report: Report;
  readonly objects: readonly CheckedObject[];
  /** All that the base commit has for it, nothing if it is new there; absent without a base commit, or if one of the two cannot be read. */
  readonly before?: OldObjects;
  /** A plain file that the commit that is checked out does not have, so that nothing is compared. */
  readonly uncommitted?: string;
  /** Where report.json belongs: absolute. */
  readonly reportPath: string;
}

export interface CheckOutcome {
  readonly targets: readonly CheckedTarget[];
  /** The destinations that the base commit has and the checkout does not; none if only some were to be checked. */
  removed(): Promise<readonly RemovedTarget[]>;
  /**
   * The files that differ between the base commit and the checkout, by their paths in the workspace; undefined without a base commit
   * or if the checkout does not know.
   */
  changedFiles(): Promise<readonly string[] | undefined>;
  /** What rules and objects are compared with; absent without a base commit. */
  readonly base?: CheckedBase;
}

/** The base commit, and a way to those before it. */
export interface CheckedBase {
  readonly commit: string;
  /** The application as it is there; absent if it is not, or for plain manifests. */
  readonly repository?: Repository;
  /** Another commit of the repository, by its full id. */
  earlier(commit: string): EarlierCommit;
}

/**
 * Checks manifests by schemas, policies, packs and the rules about where objects may go. Findings are in the reports; it is up to the
 * caller to act on their verdicts.
 * @throws SlipwayError with what is wrong with the files that had to be read
 */
export async function checkManifests(
  request: CheckManifestsRequest,
  surroundings: CheckSurroundings,
): Promise<CheckOutcome> {
  const history = once(() => openHistory(request.application, surroundings));
  const base = await openBase(request.base, history, surroundings.logger);
  const { targets, removed, base: repository } = await readTargets({ request, base, history, surroundings });
  const now = surroundings.clock();
  const judged: (readonly Finding[])[] = [];
  for (const { subjects, rules, findings } of targets)
    judged.push([...findings, ...(await judge({ ...subjects, now }, rules))]);
  const found = await settleSignOffs(judged, surroundings.approvals);
  return {
    targets: targets.map((target, index) => checkedTarget(target, found[index] ?? [], found, request)),
    removed,
    changedFiles: async () => await base?.history.changedSince(base.commit),
    ...(base && {
      base: {
        commit: base.commit,
        earlier: earlierCommits(base, request, surroundings),
        ...defined({ repository }),
      },
    }),
  };
}

function checkedTarget(
  { name, subjects, before, uncommitted, reportPath }: Target,
  own: readonly Finding[],
  all: readonly (readonly Finding[])[],
  { failOn }: CheckManifestsRequest,
): CheckedTarget {
  const findings = own.filter(finding => !isUsedElsewhere(finding, all));
  const { objects, namespace, formation, destination } = subjects;
  return {
    ...{ name, objects, namespace, reportPath },
    ...defined({ formation, destination, before, uncommitted }),
    report: makeReport(findings, objects.length, failOn),
  };
}

/** A waiver is unused only if no target's finding names it as what waived it. */
function isUsedElsewhere({ rule, place }: Finding, all: readonly (readonly Finding[])[]): boolean {
  if (rule !== 'waiver/unused' || place === undefined) return false;
  return all.flat().some(({ related = [] }) => related.some(other => isSamePosition(other.place, place)));
}

function isSamePosition(one: Position, other: Position): boolean {
  return one.path === other.path && one.line === other.line && one.column === other.column;
}
