import { count, formatProblem, SlipwayError } from '@slipway/core';
import { type ListedReleases, listKeptReleases } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { holdRefusals } from '@slipway/release';
import {
  changeTitle,
  comparisonMarkdown,
  fieldLines,
  notesMarkdown,
  releasesMarkdown,
  SIGNS,
} from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';

/** Lists the kept releases, and shows how two of them differ if asked. */
export async function listAndShow(inputs: InputsFor<'releases'>, runner: Runner): Promise<void> {
  const listed = await listKeptReleases(inputs.request, surroundingsOf(inputs, runner));
  showList(listed, runner);
  const { comparison } = listed;
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

function showList({ identity, releases, unreadable, hold }: ListedReleases, runner: Runner): void {
  for (const { number, verdict, deploymentTag = '', created } of releases)
    runner.logger.info(
      `${number} ${unreadable.has(number) ? 'unreadable' : (verdict ?? 'open')} ${deploymentTag} ${created}`,
    );
  for (const { problems } of unreadable.values())
    for (const problem of problems) runner.logger.warning(formatProblem(problem));
  const refusals = holdRefusals(identity, hold).map(formatProblem);
  for (const refusal of refusals) runner.logger.warning(refusal);
  runner.addSummary(`${releasesMarkdown(identity, releases, unreadable)}${notesMarkdown(refusals)}`);
}
