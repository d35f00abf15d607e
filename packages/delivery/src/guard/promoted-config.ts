import { type Logger, type Problem, quote, type Snapshot, type Verdict } from '@slipway/core';
import { type PassedConfig, passedConfig, refuseForeign, shortId } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliveryHistory } from '../surroundings.ts';

/** A snapshot that succeeded at all destinations of the formation that it is promoted from, and what is to be deployed of it. */
export interface PromotedQuery {
  readonly snapshot: Snapshot;
  readonly formation: string;
  readonly verdicts: ReadonlyMap<string, Verdict | undefined>;
  readonly desired: DesiredState;
  readonly request: Pick<PlanManifestsRequest, 'config' | 'reason'>;
  readonly history: DeliveryHistory;
}

/**
 * Whether the tree has the stencils and config that passed: another job may have rendered it, and its description may claim anything.
 * @returns the refusals
 * @throws SlipwayError as `passedConfig`, and for a commit that is not in the history of the checkout
 */
export async function passedProblems(query: PromotedQuery): Promise<readonly Problem[]> {
  const { snapshot, formation, verdicts, desired, request, history } = query;
  const passed = passedConfig({ snapshot, formation, verdicts, choice: request.config });
  if (passed === undefined) throw new TypeError('the snapshot has not succeeded');
  const name = `the commit ${shortId(passed.revision)}, with which ${quote(snapshot.deploymentTag)} passed in ${quote(formation)},`;
  refuseForeign(name, await history.isContained(passed.revision), await history.head());
  const differences = differencesOf(desired, passed, query);
  return request.config === 'passed' ? [...differences, ...withoutReason(request, 'passed')] : differences;
}

/**
 * A tree without a commit has what a step changed in the checkout. It may be deployed with a reason, as the way out of an incident, and
 * is warned of, since no commit will tell what was deployed.
 * @returns the refusals for a tree with the stencils and config of the checkout
 */
export async function headProblems(
  { desired, request, history }: Pick<PromotedQuery, 'desired' | 'request' | 'history'>,
  logger: Pick<Logger, 'warning'>,
): Promise<readonly Problem[]> {
  const head = await history.head();
  const isChanged = head !== undefined && desired.configRevision === undefined;
  if (isChanged)
    logger.warning(
      `The manifests were rendered from a checkout of ${shortId(head)} with files that this commit does not have, so the record and the verdict name no commit, and what passes this way is not promoted: commit these files, and deploy the result`,
    );
  const isHead = head !== undefined && desired.configRevision === head;
  const stray: Problem<DeliveryErrorCode>[] =
    isHead || isChanged
      ? []
      : [
          {
            code: 'config-not-passed',
            message: `the manifests were rendered from ${commitOf(desired.configRevision)}, and not from ${commitOf(head)}, which is checked out`,
            remedy: 'set "config: head" for render-stencil too, and check out with Git',
          },
        ];
  return [...stray, ...withoutReason(request, 'head')];
}

function differencesOf(
  { configRevision, sharedRevisions = {}, set = [] }: DesiredState,
  passed: PassedConfig,
  { snapshot, formation }: PromotedQuery,
): Problem<DeliveryErrorCode>[] {
  const tag = quote(snapshot.deploymentTag);
  const say = (message: string): Problem<DeliveryErrorCode> => ({
    code: 'config-not-passed',
    message,
    remedy: 'render the snapshot again in a job after it passed, or set "config: head" with a reason',
  });
  const problems: Problem<DeliveryErrorCode>[] = [];
  if (configRevision !== passed.revision)
    problems.push(
      say(
        `the manifests were rendered from ${commitOf(configRevision)}, but ${tag} passed in ${quote(formation)} with ${commitOf(passed.revision)}`,
      ),
    );
  for (const folder of new Set([...Object.keys(sharedRevisions), ...Object.keys(passed.sharedRevisions)]))
    if (sharedRevisions[folder] !== passed.sharedRevisions[folder])
      problems.push(
        say(
          `the manifests were rendered with ${quote(folder)} of ${commitOf(sharedRevisions[folder])}, but ${tag} passed in ${quote(formation)} with that of ${commitOf(passed.sharedRevisions[folder])}`,
        ),
      );
  if (set.length > 0)
    problems.push(
      say(
        `the manifests were rendered with the input "set" (${set.map(quote).join(', ')}), with which ${tag} did not pass in ${quote(formation)}`,
      ),
    );
  return problems;
}

function withoutReason({ reason }: PromotedQuery['request'], config: string): Problem<DeliveryErrorCode>[] {
  if (reason !== '') return [];
  return [
    {
      code: 'reason-missing',
      message: `input "config" is ${quote(config)}, and nothing says why`,
      remedy: 'say in the input "reason" why this does not go the usual way: it is recorded with the release',
    },
  ];
}

function commitOf(revision: string | undefined): string {
  return revision === undefined ? 'no commit' : `the commit ${shortId(revision)}`;
}
