import { shareClusters } from '@slipway/action-kit';
import { count, formatProblem, openReleaseSentence, SlipwayError, throwIfAny } from '@slipway/core';
import {
  type DeliverySurroundings,
  type ListedReleases,
  listKeptReleases,
  type UnlistedReleases,
} from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { holdRefusals } from '@slipway/release';
import {
  changeTitle,
  comparisonMarkdown,
  fieldLines,
  notesMarkdown,
  releasesMarkdown,
  SIGNS,
  unlistedMarkdown,
} from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';

/**
 * Lists the kept releases of each destination, and shows how two of them differ if asked.
 * @throws SlipwayError for destinations that could not be listed, after the others are shown
 */
export async function listAndShow(inputs: InputsFor<'releases'>, runner: Runner): Promise<void> {
  const found = await readReleases(inputs, runner);
  for (const one of found)
    if ('error' in one) showUnlisted(one, runner);
    else showList(one, runner, found.length > 1 || isInstance(one, inputs));
  throwIfAny(found.flatMap(one => ('error' in one ? one.error.problems : [])));
  for (const one of found) if (!('error' in one)) showComparison(one, runner);
}

/** Whether the name that was given is not the one of what is listed. */
function isInstance({ identity }: ListedReleases, { request }: InputsFor<'releases'>): boolean {
  return request.formation !== '' && identity.formation !== request.formation;
}

async function readReleases(
  inputs: InputsFor<'releases'>,
  runner: Runner,
): Promise<readonly (ListedReleases | UnlistedReleases)[]> {
  const clusters = shareClusters({ ...inputs.cluster, recordKeys: inputs.registries.recordKeys }, runner);
  try {
    const openCluster: DeliverySurroundings['openCluster'] = destination => clusters.open(destination);
    return await listKeptReleases(inputs.request, { ...surroundingsOf(inputs, runner), openCluster });
  } finally {
    await clusters.close();
  }
}

function showComparison({ comparison }: ListedReleases, runner: Runner): void {
  if (comparison === undefined) return;
  if (comparison instanceof SlipwayError) throw comparison;
  const { from, to, changes } = comparison;
  runner.logger.info(
    `From release ${from} to release ${to}: ${count(changes.length, 'object')} ${changes.length === 1 ? 'differs' : 'differ'}`,
  );
  for (const change of changes)
    for (const line of [`${SIGNS[change.action]} ${changeTitle(change)}`, ...fieldLines(change)])
      runner.logger.info(line);
  runner.setOutput('changes', String(changes.length));
  runner.addSummary(comparisonMarkdown(from, to, changes));
}

/** @param isOneOfMany the log says whose releases they are */
function showList(
  { identity, releases, unreadable, hold, open }: ListedReleases,
  runner: Runner,
  isOneOfMany: boolean,
): void {
  if (isOneOfMany) runner.logger.info(targetLine(identity));
  for (const { number, verdict, deploymentTag = '', created } of releases)
    runner.logger.info(
      `${number} ${unreadable.has(number) ? 'unreadable' : (verdict ?? 'open')} ${deploymentTag} ${created}`,
    );
  for (const { problems } of unreadable.values())
    for (const problem of problems) runner.logger.warning(formatProblem(problem));
  const refusals = holdRefusals(identity, hold).map(formatProblem);
  for (const refusal of refusals) runner.logger.warning(refusal);
  const opened = open === undefined ? [] : [openReleaseSentence(open)];
  for (const sentence of opened) runner.logger.info(sentence);
  runner.addSummary(
    `${releasesMarkdown(identity, releases, unreadable)}${notesMarkdown([...opened, ...refusals])}`,
  );
}

function showUnlisted({ identity, error }: UnlistedReleases, runner: Runner): void {
  runner.logger.info(targetLine(identity));
  runner.addSummary(unlistedMarkdown(identity, error.problems.map(formatProblem)));
}

function targetLine({ formation, destination, namespace }: ListedReleases['identity']): string {
  return `${destination === undefined ? formation : `${formation}/${destination}`}, namespace ${namespace}:`;
}
